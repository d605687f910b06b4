import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HeldModels, UserError } from '@counterweight/core';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { Closing } from './api-error.ts';
import { createApp } from './create-app.ts';

export interface ServeOptions {
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** What requests have to bring as `Authorization: Bearer KEY`. Default: nothing. */
  readonly apiKey?: string | undefined;
  /** Told of what is the server's own fault; the client is told that there was a failure. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A server that answers. */
export interface Serving {
  /** `http://127.0.0.1:PORT`; with `/v1` behind it, or as it is, the base URL of a client. */
  readonly address: string;
  /** Ends what is being answered, and the server. The models stay open: they are their holder's. */
  close(): Promise<void>;
}

/**
 * Serves held models at 127.0.0.1 as OpenAI's API does: `models`, `chat/completions` and `completions`, streamed or not.
 * Requests wait for each other; a client that leaves gives up its turn.
 * @throws {UserError} `option-invalid` where the port is not to be had
 * @example
 * ```ts
 * import { holdModels, modelOfRun } from '@counterweight/core';
 * import { serveModels } from '@counterweight/serve';
 *
 * const held = await holdModels({ models: [await modelOfRun('runs/first')] });
 * const serving = await serveModels(held, { port: 8080 });
 * console.log(serving.address); // new OpenAI({ baseURL: `${serving.address}/v1`, apiKey: 'none' })
 * ```
 */
export async function serveModels(
  held: HeldModels,
  { port = 0, apiKey, onError }: ServeOptions = {},
): Promise<Serving> {
  const closing = new AbortController();
  const app = createApp(held, { apiKey, closing: closing.signal, onError });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainListening(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  let closed: Promise<void> | undefined;
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      closed ??= closeServer(server, closing);
      return closed;
    },
  };
}

/** Who is being answered is told that the server closes, and has a moment to hear it. */
async function closeServer(server: ServerType, closing: AbortController): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.abort(new Closing());
  if (server instanceof Server) {
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSING_MS).unref();
  }
  await closed;
}

const CLOSING_MS = 500;

function explainListening(error: NodeJS.ErrnoException, port: number): unknown {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  return new UserError({
    code: 'option-invalid',
    problem: error.code === 'EACCES' ? `Port ${port} is not for this user.` : `Port ${port} is in use.`,
    where: 'option port',
    fix: 'Choose another one, or 0 for any that is free.',
    cause: error,
  });
}
