import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Things outside of the sandbox that a hostile program goes for, each of which tells when it was reached. */
export interface Bait {
  /** A file whose text no program should learn or change. */
  readonly file: string;
  readonly folder: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly unixSocket: string;
  /** How many connections and datagrams came. */
  visits(): number;
  remove(): void;
}

export const SECRET = 'the secret of the bait';

export async function layBait(): Promise<Bait> {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-bait-'));
  const file = join(folder, 'secret.txt');
  writeFileSync(file, SECRET);
  let visits = 0;
  const listen = async (where: { port: number; host: string } | { path: string }): Promise<Server> => {
    const server = createServer((socket) => {
      visits += 1;
      socket.end(SECRET);
    });
    server.listen(where);
    await once(server, 'listening');
    return server;
  };
  const unixSocket = join(folder, 'socket');
  const tcp = await listen({ port: 0, host: '127.0.0.1' });
  const unix = await listen({ path: unixSocket });
  const udp = createSocket('udp4', () => {
    visits += 1;
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const address = tcp.address();
  return {
    file,
    folder,
    tcpPort: typeof address === 'object' && address ? address.port : 0,
    udpPort: udp.address().port,
    unixSocket,
    visits: () => visits,
    remove() {
      tcp.close();
      unix.close();
      udp.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
