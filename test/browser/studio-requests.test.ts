import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { description, writeRun } from '../../packages/core/src/report/test-support/simulated-run.ts';
import { type StudioProcess, startStudio } from './studio-process.ts';

/** What the studio answers to requests that its own pages do not make, and to folders that came from elsewhere. */

const place = mkdtempSync(join(tmpdir(), 'counterweight-requests-'));
const folder = join(place, 'work');
const model = join(folder, 'models/stories260k');
let studio: StudioProcess;

beforeAll(async () => {
  mkdirSync(join(folder, 'models'), { recursive: true });
  cpSync(fileURLToPath(new URL('../../models/stories260k', import.meta.url)), model, { recursive: true });
  writeFileSync(join(place, 'secret.csv'), 'prompt,completion\nthe secret,is out\n');
  mkdirSync(join(folder, 'linked'));
  symlinkSync(join(place, 'secret.csv'), join(folder, 'linked/rows.csv'));
  studio = await startStudio(folder, '--port', '0');
});
afterAll(async () => {
  await studio?.kill();
  rmSync(place, { recursive: true });
});

/** As one of its pages asks. */
const ask = (path: string, body?: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port, host, origin, searchParams } = new URL(studio.address);
    const cookie = `counterweight-${port}=${searchParams.get('token')}`;
    const headers = { host, cookie, origin, 'content-type': 'application/json' };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request({ hostname, port, path, method, headers, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    });
    sent.once('error', reject);
    sent.end(body);
  });

it('rows of a folder are none where one of its files is a link that leads out', async () => {
  const body = JSON.stringify({ recipe: 'plain', model, data: 'linked' });
  for (const path of ['/new/parts', '/start']) {
    const { status, text } = await ask(path, body);
    expect(status).toBe(404);
    expect(text).not.toContain('the secret');
  }
});

it('code that a run folder names is not run when its model is to be asked', async () => {
  const ran = join(place, 'ran');
  const recipe = { ...description.recipe, name: './sent.js' };
  await writeRun(join(folder, 'runs/sent'), { description: { recipe } });
  writeFileSync(
    join(folder, 'sent.js'),
    `import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(ran)}, ''));`,
  );
  const page = await ask('/ask?right=run:runs/sent&left=');
  expect(page.status).toBe(200);
  expect(page.text).toContain('does not know this recipe');
  expect((await ask('/answer', JSON.stringify({ whom: 'run:runs/sent', row: { prompt: 'a' } }))).status).toBe(400);
  expect(existsSync(ran)).toBe(false);
});

describe('what no form sends', () => {
  it.each([
    ['no JSON', '{', 400],
    ['another shape', '{"recipe":5}', 400],
    ['3 MB of it', JSON.stringify({ recipe: 'a'.repeat(3e6) }), 413],
  ])('%s is refused', async (_, body, status) => {
    for (const path of ['/start', '/new/parts', '/answer', '/export', '/jobs/pause']) {
      expect((await ask(path, body)).status, path).toBe(status);
    }
  });
});

it('a question longer than a system takes is answered by that', async () => {
  const { text } = await ask('/answer', JSON.stringify({ whom: model, row: { prompt: 'ä'.repeat(99_000) } }));
  expect(JSON.parse(text)).toEqual({ error: 'The question is too long.' });
});
