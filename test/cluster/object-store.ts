import { spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { S3mini } from 's3mini';
import { ensureVenv } from '../../bench/venv.ts';
import { fetchOverHttp } from '../../packages/core/src/files/index.ts';
import { freePorts } from './free-ports.ts';

/** Object storage of this machine's own, in memory, with a bucket `lab`. */
export interface ObjectStore {
  readonly bucket: S3mini;
  /** For whoever works with it. */
  readonly env: Readonly<Record<string, string>>;
  /** Nobody reaches it for so long, and who is being answered is cut off. */
  goAway(seconds: number): Promise<void>;
  stop(): void;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ACCESS = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'eu-west-1' } as const;

/** The Python that has moto's server; undefined where it cannot be installed. */
function motoPython(): string | undefined {
  try {
    return ensureVenv({ folder: at('node_modules/.tools/moto'), requirementsFile: at('moto.txt') });
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

export const hasObjectStore = (): boolean => motoPython() !== undefined;

export async function startObjectStore(): Promise<ObjectStore> {
  const [port = 0, door = 0] = await freePorts(2);
  const server = spawn(join(dirname(motoPython() as string), 'moto_server'), ['-p', `${port}`], { stdio: 'ignore' });
  const [address, doorAddress] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${door}`];
  while (!(await fetchOverHttp(address).catch(() => undefined))) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}.`);
    await sleep(200);
  }
  const bucket = new S3mini({ ...ACCESS, endpoint: `${address}/lab`, fetch: fetchOverHttp });
  await bucket.createBucket();
  let close = await openDoor(door, port);
  return {
    bucket,
    env: {
      AWS_ACCESS_KEY_ID: ACCESS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ACCESS.secretAccessKey,
      AWS_REGION: ACCESS.region,
      AWS_ENDPOINT_URL: doorAddress,
    },
    async goAway(seconds) {
      close();
      await sleep(seconds * 1000);
      close = await openDoor(door, port);
    },
    stop() {
      close();
      server.kill();
    },
  };
}

/** What is at one port, at another one too, until what is returned is called. */
async function openDoor(door: number, port: number): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(door, '127.0.0.1', resolve));
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}
