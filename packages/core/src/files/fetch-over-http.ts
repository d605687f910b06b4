import { once } from 'node:events';
import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import { Readable } from 'node:stream';

const REDIRECTS = 10;
/** After so long without a byte nothing more is going to come: as long as Node's `fetch` waits. */
const SILENCE_MS = 300_000;

/**
 * `fetch`, over Node's own HTTP, for what may be large. Node's `fetch` ends the process, and nobody can catch it, where a server
 * closes a connection whose last bytes have not been read yet (nodejs/undici#5360; in Node 24.21 and before). That is every
 * `Connection: close`, and a disk that is slower than the network. A body is sent whole, in one piece with its length.
 * @throws {TypeError} `fetch failed`, with its cause, where nobody answers; the signal's reason
 * @example
 * ```ts
 * import { fetchOverHttp } from '@counterweight/core/files';
 *
 * const response = await fetchOverHttp('https://example.com/model.safetensors');
 * console.log(response.status, response.headers.get('content-length'));
 * ```
 */
export const fetchOverHttp: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  let url = new URL(request.url);
  const headers = new Headers(request.headers);
  // A server that packs what it sends is of no use to who asks for parts of it.
  headers.set('accept-encoding', 'identity');
  headers.set('connection', 'close');
  for (let redirects = 0; ; redirects++) {
    const message = await exchange(url, { request, headers, body });
    const next = message.headers.location;
    const { statusCode: status = 0 } = message;
    // What changes something is for one address: a signature would not do for another.
    const isElsewhere = status > 300 && status < 400 && next !== undefined && body === undefined;
    if (!isElsewhere || request.redirect !== 'follow') return responseOf(message, request.method);
    message.destroy();
    if (redirects === REDIRECTS) throw new TypeError('fetch failed', { cause: new Error('redirect count exceeded') });
    const before = url.origin;
    url = new URL(next, url);
    headers.delete('host');
    if (url.origin !== before) headers.delete('authorization');
  }
};

async function exchange(
  url: URL,
  {
    request,
    headers,
    body,
  }: { readonly request: Request; readonly headers: Headers; readonly body: Buffer | undefined },
): Promise<IncomingMessage> {
  const { method, signal } = request;
  signal.throwIfAborted();
  try {
    const send = url.protocol === 'https:' ? https : http;
    const sent = send(url, { method, headers: Object.fromEntries(headers), signal });
    sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error(`${url.host} was silent for ${SILENCE_MS / 1000} s`)));
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body);
    const [message] = await answered;
    return message;
  } catch (error) {
    signal.throwIfAborted();
    throw new TypeError('fetch failed', { cause: error });
  }
}

function responseOf(message: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  const isEmpty = [204, 205, 304].includes(status) || method === 'HEAD';
  if (isEmpty) message.resume();
  // The types of the web's streams are Node's and the DOM's, which differ.
  return new Response(isEmpty ? null : (Readable.toWeb(message) as never), { status, statusText, headers });
}
