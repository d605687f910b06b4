import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRun } from '../../packages/core/src/report/test-support/simulated-run.ts';
import { openBrowser, openDetails } from './looks.ts';
import { hostileRun } from './pages.ts';
import { type StudioProcess, startStudio } from './studio-process.ts';

/** What somebody may try who is not the studio's user: another page in the same browser, another name, a row of data. */

const place = mkdtempSync(join(tmpdir(), 'counterweight-attacks-'));
const folder = join(place, 'work');
const SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

let studio: StudioProcess;
let browser: Browser;
/** A page of somebody else's, on this machine too. */
let foreign: Server;

beforeAll(async () => {
  mkdirSync(join(folder, 'models'), { recursive: true });
  cpSync(fileURLToPath(new URL('../../models/stories260k', import.meta.url)), join(folder, 'models/stories260k'), {
    recursive: true,
  });
  mkdirSync(join(place, 'outside'));
  writeFileSync(join(place, 'outside/secret.csv'), 'prompt,completion\nthe secret,is out\n');
  writeFileSync(join(place, 'outside/run.json'), '{"secret":true}');
  symlinkSync(join(place, 'outside'), join(folder, 'link'));
  symlinkSync(join(place, 'outside/secret.csv'), join(folder, 'rows.csv'));
  writeFileSync(
    join(folder, 'hostile.csv'),
    `"prompt${SCRIPT.replaceAll('"', '""')}",completion\n"${SCRIPT.replaceAll('"', '""')}",b\n`,
  );
  await writeRun(join(folder, 'runs/hostile'), hostileRun(SCRIPT));
  foreign = createServer((_, answer) =>
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>x</title>'),
  );
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  [browser, studio] = await Promise.all([openBrowser(), startStudio(folder, '--port', '0')]);
});
afterAll(async () => {
  await browser?.close();
  await studio?.kill();
  foreign?.close();
  rmSync(place, { recursive: true });
});

const origin = () => new URL(studio.address).origin;
const token = () => new URL(studio.address).searchParams.get('token') ?? '';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As a program asks that may say anything: no browser stands between. */
const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port, host } = new URL(studio.address);
    const cookie = `counterweight-${port}=${token()}`;
    const sent = request({ hostname, port, path, method, headers: { host, cookie, ...headers } }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    });
    sent.once('error', reject);
    sent.end(body);
  });
const own = () => ({ origin: origin(), 'content-type': 'application/json' });

async function open(path: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const wrong: string[] = [];
  page.on('dialog', (dialog) => {
    wrong.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  await page.goto(studio.address);
  await page.goto(`${origin()}${path}`);
  return { page, wrong };
}

describe('another page in the same browser', () => {
  it('neither starts nor reads anything, nor shows the studio in itself', async () => {
    const { page } = await open('/');
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
    const tried = await page.evaluate<unknown[]>(`(async () => {
      const say = (promise) => promise.then((value) => value, (error) => String(error.name));
      const at = ${JSON.stringify(origin())};
      const send = (how) => say(fetch(at + '/start', { method: 'POST', credentials: 'include', body: '{"recipe":"plain"}', ...how }).then((answer) => answer.type + answer.status));
      return [
        await say(fetch(at + '/', { credentials: 'include' }).then((answer) => answer.text())),
        await send({ headers: { 'Content-Type': 'application/json' } }),
        await send({ mode: 'no-cors' }),
        await say(new Promise((resolve) => { const script = document.createElement('script'); script.src = at + '/client/live.js'; script.onload = () => resolve('loaded'); script.onerror = () => resolve('refused'); document.head.append(script); })),
      ];
    })()`);
    expect(tried).toEqual(['TypeError', 'TypeError', 'TypeError', 'refused']);
    await page.evaluate(
      `{ const frame = document.createElement('iframe'); frame.src = ${JSON.stringify(`${origin()}/`)}; document.body.append(frame); }`,
    );
    await page.waitForTimeout(500);
    const inside = await page.frames().at(-1)?.content();
    expect(inside).not.toContain('New run');
    expect(readdirSync(join(folder, 'runs'))).toEqual(['hostile']);
    await page.context().close();
  });

  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['no origin', { origin: '' }, 403],
    ['the body of a form', { 'content-type': 'text/plain' }, 415],
    ['a name that somebody leads to this machine', { host: 'rebound.example' }, 421],
    ['no cookie', { cookie: '' }, 401],
  ])('with %s is refused', async (_, headers, status) => {
    const answer = await ask('/start', {
      method: 'POST',
      headers: { ...own(), ...headers },
      body: '{"recipe":"plain"}',
    });
    expect(answer.status).toBe(status);
  });
});

describe('a path', () => {
  const model = () => join(folder, 'models/stories260k');
  it.each(['../outside/secret.csv', 'link/secret.csv', 'rows.csv', join(place, 'outside/secret.csv'), '/etc/passwd'])(
    'to %s leads nowhere as rows',
    async (data) => {
      const body = JSON.stringify({ recipe: 'plain', model: model(), data });
      for (const path of ['/new/parts', '/start']) {
        const { status, text } = await ask(path, { method: 'POST', headers: own(), body });
        expect(status).toBe(404);
        expect(text).not.toContain('the secret');
      }
    },
  );

  it.each([
    '/report?path=../outside',
    '/report?path=link',
    '/run?path=link',
    '/run?path=../outside',
    '/compare?run=link&run=link',
    '/sweep?path=link',
    '/client/..%2f..%2fpackage.js',
    '/client/../../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('in %s leads nowhere', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toContain('"secret"');
  });

  it('of a model, a recipe, an export or a question neither', async () => {
    const tried = [
      ['/new/parts', { recipe: 'plain', model: '../outside', data: '' }],
      ['/new/parts', { recipe: '../outside/recipe.js', model: '', data: '' }],
      ['/export', { path: '../outside', to: 'merged' }],
      ['/answer', { whom: '../outside', row: { prompt: 'a' } }],
      ['/jobs/resume', { id: '../../outside' }],
    ] as const;
    for (const [path, body] of tried) {
      const { status } = await ask(path, { method: 'POST', headers: own(), body: JSON.stringify(body) });
      expect(status, path).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('a row that is a script', () => {
  it.each([
    '/',
    '/run?path=runs%2Fhostile',
    '/report?path=runs%2Fhostile',
    '/ask',
    '/new?recipe=plain&model=models/stories260k&data=hostile.csv',
  ])('is a text in %s', async (path) => {
    const { page, wrong } = await open(path);
    if (path.startsWith('/new')) await page.locator('.rows-shown').waitFor();
    await openDetails(page);
    await page.waitForTimeout(300);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script:not([src^="/client/"])').count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.context().close();
  });
});

describe('an upload of 2 GB', () => {
  const residentBytes = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${studio.pid}/status`, 'utf8'))?.[1]) * 1024;
  const send = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port, host } = new URL(studio.address);
      const cookie = `counterweight-${port}=${token()}`;
      const sent = request(
        {
          hostname,
          port,
          path: '/upload?name=large.csv',
          method: 'POST',
          headers: { host, cookie, origin: origin(), 'content-type': 'application/octet-stream', ...headers },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
          sent.destroy();
        },
      );
      sent.on('error', (error: NodeJS.ErrnoException) =>
        ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? undefined : reject(error),
      );
      const chunk = Buffer.alloc(1 << 20, 'a');
      let left = 2048;
      const more = () => {
        while (left-- > 0 && !sent.destroyed) if (!sent.write(chunk)) return void sent.once('drain', more);
        sent.end();
      };
      more();
    });

  it.each([
    ['announced', { 'content-length': String(2 ** 31) }],
    ['unannounced', { 'transfer-encoding': 'chunked' }],
  ])('%s is refused, and neither disk nor memory holds it', async (_, headers) => {
    const before = residentBytes();
    expect(await send(headers)).toBe(413);
    expect(residentBytes() - before).toBeLessThan(200e6);
    expect(readdirSync(folder).includes('rows') ? readdirSync(join(folder, 'rows')) : []).toEqual([]);
    expect((await ask('/')).status).toBe(200);
  });
});
