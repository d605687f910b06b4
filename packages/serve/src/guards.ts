import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { type ApiError, apiError } from './api-error.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Only who means this machine is answered: a page from elsewhere, which a browser shows here, has its own name in `Host`
 * after DNS rebinding, and in `Origin` always.
 */
export const fromThisMachine: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host');
  const origin = context.req.header('origin');
  if (!isLoopback(`http://${host ?? ''}`)) {
    return refuse(
      context,
      apiError(403, 'This server answers at localhost only: Host is another name.', { code: 'foreign_host' }),
    );
  }
  if (origin !== undefined && !isLoopback(origin)) {
    return refuse(
      context,
      apiError(403, 'This server answers no pages from elsewhere: Origin is another host.', { code: 'foreign_origin' }),
    );
  }
  return next();
};

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.includes(new URL(url).hostname);
}

/** `Authorization: Bearer KEY`, where there is a key. */
export const withKey =
  (apiKey: string | undefined): MiddlewareHandler =>
  async (context, next) => {
    const given = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    if (apiKey === undefined || timingSafeEqual(digest(given), digest(apiKey))) return next();
    return refuse(context, apiError(401, 'The API key is missing, or it is another one.', { code: 'invalid_api_key' }));
  };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const refuse = (context: Parameters<MiddlewareHandler>[0], { status, body }: ApiError): Response =>
  context.json(body, status);
