import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as streamText } from 'node:stream/consumers';

interface Kept {
  readonly text: string;
  readonly version: number;
  readonly at: number;
}

/** What a store may answer instead of doing what it is asked for. */
export interface Fault {
  readonly status?: number;
  readonly code?: string;
  /** Does it, and breaks off instead of saying so. */
  readonly isLost?: boolean;
}

const etag = ({ version }: Kept): string => `"${version}"`;

/** Object storage with one bucket, `lab`, as far as a sweep asks for it: in memory, under a clock of its own, with the faults that a test wants. */
export async function startObjectServer() {
  const objects = new Map<string, Kept>();
  const faults: Fault[] = [];
  let always: Fault | undefined;
  let now = Date.UTC(2026, 0, 1);
  let versions = 0;
  let requests = 0;

  const write = (key: string, text: string): Kept => {
    const kept = { text, version: ++versions, at: now };
    objects.set(key, kept);
    return kept;
  };
  const put = (key: string, text: string, { 'if-match': is, 'if-none-match': none }: IncomingMessage['headers']) => {
    const found = objects.get(key);
    if (is !== undefined && !found) return { status: 404 };
    if ((none === '*' && found) || (is !== undefined && found && is !== etag(found))) return { status: 412 };
    return { status: 200, headers: { etag: etag(write(key, text)) } };
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '', 'http://store');
    const body = await streamText(request);
    if (!url.pathname.startsWith('/lab')) return refusal(404, 'NoSuchBucket');
    const key = decodeURIComponent(url.pathname.slice('/lab/'.length));
    if (url.searchParams.has('list-type')) return listed(objects, url.searchParams.get('prefix') ?? '');
    if (request.method === 'POST') {
      for (const [, one = ''] of body.matchAll(/<Key>([^<]+)/g)) objects.delete(one);
      return { status: 200, text: '<DeleteResult></DeleteResult>' };
    }
    if (request.method === 'PUT') return put(key, body, request.headers);
    const kept = objects.get(key);
    if (request.method === 'DELETE') objects.delete(key);
    if (request.method === 'DELETE') return { status: 204 };
    if (!kept) return refusal(404, 'NoSuchKey');
    const headers = { etag: etag(kept), 'last-modified': new Date(kept.at).toUTCString() };
    return { status: 200, headers, text: kept.text };
  };
  const server = createServer(async (request, response) => {
    requests++;
    const { status, code = 'Fault', isLost } = faults.shift() ?? always ?? {};
    if (status !== undefined) return send(response, refusal(status, code));
    const said = await answer(request);
    if (isLost) return response.destroy();
    response.setHeader('date', new Date(now).toUTCString());
    return send(response, said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: address },
    objects,
    write,
    json: (key: string) => JSON.parse(objects.get(key)?.text ?? 'null'),
    pass(seconds: number) {
      now += seconds * 1000;
    },
    /** What happens to the next requests, one after the other. */
    fail: (...next: Fault[]) => void faults.push(...next),
    /** What happens to all of them from now on. */
    failAlways(fault: Fault) {
      always = fault;
    },
    requests: () => requests,
    stop: () => server.close(),
  };
}

export type ObjectServer = Awaited<ReturnType<typeof startObjectServer>>;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

function listed(objects: ReadonlyMap<string, Kept>, prefix: string): Answer {
  const found = [...objects].filter(([key]) => key.startsWith(prefix));
  const contents = found.map(([key, kept]) => `<Contents><Key>${key}</Key><ETag>${etag(kept)}</ETag></Contents>`);
  return { status: 200, text: `<ListBucketResult>${contents.join('')}</ListBucketResult>` };
}

const refusal = (status: number, code: string): Answer => ({
  status,
  text: `<Error><Code>${code}</Code><Message>No.</Message></Error>`,
});

function send(response: ServerResponse, { status, headers = {}, text = '' }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/xml' }).end(text);
}
