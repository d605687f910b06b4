import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a server of a test sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body as JSON; an empty object where there is none. */
  readonly json: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
}

export interface JsonServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** A server that remembers what it was asked; a request without an answer is left waiting. */
export async function serveJson(answer: (asked: Asked) => Answer | undefined): Promise<JsonServer> {
  const all: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://server');
    const { method = 'GET', headers } = request;
    const body = Buffer.concat(chunks);
    const asked = { method, path: url.pathname, query: url.searchParams, headers, body, json: parsed(body) };
    all.push(asked);
    const answered = answer(asked);
    if (!answered) return;
    const { status = 200, json = {}, text = JSON.stringify(json) } = answered;
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const close = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: all, close };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}
