import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchOverHttp } from './fetch-over-http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('fetch over HTTP', () => {
  it('survives a server that closes before all was read, where Node’s own ends the process', async () => {
    const whole = Buffer.alloc(200_000, 'a');
    const address = await listen(
      createServer((socket) => {
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\nConnection: close\r\n\r\n`);
          socket.end(whole);
        });
      }),
    );
    const response = await fetchOverHttp(address);
    await sleep(50);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(whole);
  });

  it('says what Node’s says: status, headers, a body that is sent and one that comes', async () => {
    const server = createHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const body = `${Buffer.concat(chunks)}`;
      response.writeHead(url === '/none' ? 404 : 200, { 'x-one': 'two', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ method, url, body, length: headers['content-length'], own: headers['x-own'] }));
    });
    const address = await listen(server);
    for (const own of [fetch, fetchOverHttp]) {
      const sent = await own(`${address}/some?a=b`, { method: 'PUT', body: 'höre', headers: { 'x-own': 'mine' } });
      expect(await sent.json()).toEqual({ method: 'PUT', url: '/some?a=b', body: 'höre', length: '5', own: 'mine' });
      const none = await own(`${address}/none`);
      expect([none.status, none.statusText, none.headers.get('x-one')]).toEqual([404, 'Not Found', 'two']);
      expect(none.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      const head = await own(address, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
    }
  });

  it('goes where it is sent, without its key where that is somebody else', async () => {
    const seen = (server: Server) => listen(server);
    const echo = () =>
      createHttpServer((request, response) => response.end(`${request.url} ${request.headers.authorization}`));
    const other = await seen(echo());
    const address = await seen(
      createHttpServer((request, response) => {
        if (request.url === '/end') return response.end(`${request.headers.authorization}`);
        const location = { '/here': '/end', '/there': `${other}/x`, '/round': '/round' }[request.url ?? ''] ?? '/end';
        return response.writeHead(302, { location }).end();
      }),
    );
    const headers = { authorization: 'key' };
    expect(await (await fetchOverHttp(`${address}/here`, { headers })).text()).toBe('key');
    expect(await (await fetchOverHttp(`${address}/there`, { headers })).text()).toBe('/x undefined');
    expect((await fetchOverHttp(`${address}/here`, { redirect: 'manual' })).status).toBe(302);
    await expect(fetchOverHttp(`${address}/round`)).rejects.toThrow('fetch failed');
  });

  it('ends with the signal’s reason, and says that nobody answers', async () => {
    const address = await listen(createServer(() => {}));
    const signal = AbortSignal.timeout(20);
    await expect(fetchOverHttp(address, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    const nobody = await listen(createServer());
    servers.pop()?.close();
    await expect(fetchOverHttp(nobody)).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ECONNREFUSED' },
    });
  });
});
