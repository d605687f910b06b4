import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubServer {
  readonly url: string;
  /** `GET path range`, in the order they came. */
  readonly requests: string[];
  /** Bytes of a file's content after which the next connection breaks. */
  breakAfter: number | undefined;
  /** Answers in the hub's stead, if it says that it does. `asked` is the line in `requests`. */
  intercept: (response: ServerResponse, asked: string) => boolean;
  close(): Promise<void>;
}

export const COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01';

/** As much of the hub's protocol as fetching a model needs: one open repository, and a gated one that wants a token. */
export async function startHub(files: Readonly<Record<string, Buffer>>): Promise<HubServer> {
  const hub = {
    requests: [] as string[],
    breakAfter: undefined as number | undefined,
    intercept: (_response: ServerResponse, _asked: string) => false,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const asked = `${request.method} ${url.pathname} ${request.headers.range ?? ''}`.trim();
    hub.requests.push(asked);
    if (hub.intercept(response, asked)) return;
    const refuse = (status: number, error: string) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    };
    const [, kind, id, rest = ''] = /^(\/api\/models)?\/(org\/[\w-]+)\/(.*)$/.exec(url.pathname) ?? [];
    if (id === 'org/gated' && request.headers.authorization !== 'Bearer hf_right') {
      return refuse(401, 'Access to model org/gated is restricted.');
    }
    if (id !== 'org/tiny' && id !== 'org/gated') return refuse(404, 'Repository not found');
    if (kind) {
      if (!['revision/main', 'revision/v1.0', `revision/${COMMIT}`].includes(rest))
        return refuse(404, 'Invalid rev id');
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      const info = { _id: '1', id, sha: COMMIT, siblings, private: false, gated: false };
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(info));
    }
    const content = files[rest.replace(`resolve/${COMMIT}/`, '')];
    if (!content) return refuse(404, 'Entry not found');
    const [, from = '0', to = `${content.length - 1}`] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const part = content.subarray(Number(from), Number(to || content.length - 1) + 1);
    const etag = createHash('sha256').update(content).digest('hex');
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-length': part.length,
      'content-range': `bytes ${from}-${to}/${content.length}`,
      'X-Linked-ETag': `"${etag}"`,
      ETag: '"another"',
    });
    if (hub.breakAfter === undefined || part.length <= hub.breakAfter) return void response.end(part);
    const sent = part.subarray(0, hub.breakAfter);
    hub.breakAfter = undefined;
    response.write(sent, () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return Object.assign(hub, { url, close });
}
