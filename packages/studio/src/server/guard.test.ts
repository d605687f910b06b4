import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { guard } from './guard.ts';

const token = 'a'.repeat(43);
const app = new Hono();
app.use(guard({ token, port: () => 4747 }));
app.all('/*', (c) => c.text('inside'));

const ask = (path: string, { method = 'GET', ...headers }: Record<string, string> = {}) =>
  app.request(`http://127.0.0.1:4747${path}`, { method, headers: { host: '127.0.0.1:4747', ...headers } });
const cookie = `counterweight-4747=${token}`;
const posted = {
  method: 'POST',
  cookie,
  origin: 'http://127.0.0.1:4747',
  'content-type': 'application/json',
};

describe('guard', () => {
  it('takes the token from the address into a cookie, and out of the address', async () => {
    const answer = await ask(`/run?path=runs%2Ffirst&token=${token}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/run?path=runs%2Ffirst']);
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toContain(cookie);
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(set).toContain(attribute);
  });

  it.each([
    ['without a token', '/', {}, 401],
    ['with a wrong one', `/?token=${'b'.repeat(43)}`, {}, 401],
    ['with a wrong cookie', '/', { cookie: `counterweight-4747=${'b'.repeat(43)}` }, 401],
    ['with the cookie of another port', '/', { cookie: `counterweight-4748=${token}` }, 401],
    ['with the cookie', '/', { cookie }, 200],
    ['by the name localhost', '/', { cookie, host: 'localhost:4747' }, 200],
    ['by a name that somebody leads here', '/', { cookie, host: 'rebound.example:4747' }, 421],
    ['at another port', '/', { cookie, host: '127.0.0.1:80' }, 421],
    ['without a host', '/', { cookie, host: '' }, 421],
    ['by a token sent along with a change', `/?token=${token}`, { ...posted, cookie: '' }, 401],
    ['for a change', '/', posted, 200],
    ['for a change from another page', '/', { ...posted, origin: 'http://evil.example' }, 403],
    ['for a change from another port here', '/', { ...posted, origin: 'http://127.0.0.1:3000' }, 403],
    ['for a change from nowhere', '/', { ...posted, origin: '' }, 403],
    ['for a change from a page without origin', '/', { ...posted, origin: 'null' }, 403],
    ['for a form of another page', '/', { ...posted, 'content-type': 'text/plain' }, 415],
    ['for a form', '/', { ...posted, 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['for a file', '/', { ...posted, 'content-type': 'application/octet-stream' }, 200],
    ['for JSON with a charset', '/', { ...posted, 'content-type': 'application/json; charset=utf-8' }, 200],
    ['for a deletion from another page', '/', { ...posted, method: 'DELETE', origin: 'http://evil.example' }, 403],
  ])('answers who comes %s', async (_, path, headers, status) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(status);
    expect((await answer.text()) === 'inside').toBe(status === 200);
  });

  it('lets a page show and run what is ours only', async () => {
    const { headers } = await ask('/', { cookie });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
