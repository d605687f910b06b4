import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { isSame } from './token.ts';

/** What a page may do: show what comes from here. Reports bring styles in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Kinds of bodies that a page of another site cannot send without asking first. */
const BODIES = ['application/json', 'application/octet-stream'];

export interface Guarded {
  readonly token: string;
  readonly port: () => number;
}

/**
 * Lets in only who was given the token, at the address that was printed, and for what changes something only pages of
 * our own. The name of the host is checked too: another name that leads to this machine (DNS rebinding) is a page of
 * somebody else's.
 */
export function guard({ token, port }: Guarded): MiddlewareHandler {
  return async (c, next) => {
    c.header('Content-Security-Policy', POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Cache-Control', 'no-store');
    const host = c.req.header('host') ?? '';
    if (![`127.0.0.1:${port()}`, `localhost:${port()}`].includes(host)) {
      return c.text('The studio answers at the address that it printed only.\n', 421);
    }
    // Cookies are not kept apart by port: two studios have each their own name.
    const cookie = `counterweight-${port()}`;
    const given = c.req.query('token');
    if (given !== undefined && c.req.method === 'GET' && isSame(given, token)) {
      setCookie(c, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 34_560_000 });
      const { pathname, searchParams } = new URL(c.req.url);
      searchParams.delete('token');
      return c.redirect(`${pathname}${searchParams.size > 0 ? `?${searchParams}` : ''}`, 303);
    }
    if (!isSame(getCookie(c, cookie) ?? '', token)) {
      return c.text('Open the studio by the address that it printed when it was started: it has a token.\n', 401);
    }
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      if (c.req.header('origin') !== `http://${host}`) return c.text('This page is not one of the studio.\n', 403);
      const [type = ''] = (c.req.header('content-type') ?? '').split(';');
      if (!BODIES.includes(type.trim().toLowerCase())) return c.text('Send JSON, or a file as it is.\n', 415);
    }
    return next();
  };
}
