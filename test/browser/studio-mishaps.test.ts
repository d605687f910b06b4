import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './looks.ts';
import { bankingCsv, fillIn, start, stateOf } from './studio-hands.ts';
import { type StudioProcess, startStudio } from './studio-process.ts';

/** What goes wrong on an ordinary day: slow fingers, many pages, Enter in the wrong field, a folder that was thrown away. */

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'counterweight-mishaps-'));
const folder = join(place, 'work');
const NEW = '/new?recipe=support&model=models/stories260k&data=banking.csv';

let browser: Browser;
let studio: StudioProcess;
let context: BrowserContext;

beforeAll(async () => {
  mkdirSync(join(folder, 'models'), { recursive: true });
  cpSync(at('models/stories260k'), join(folder, 'models/stories260k'), { recursive: true });
  writeFileSync(join(folder, 'banking.csv'), bankingCsv(300));
  [browser, studio] = await Promise.all([openBrowser(), startStudio(folder, '--port', '0')]);
  context = await browser.newContext();
  await (await open('/')).goto(studio.address);
});
afterAll(async () => {
  await browser?.close();
  await studio?.kill();
  rmSync(place, { recursive: true });
});

async function open(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(new URL(path, studio.address).href);
  return page;
}

const commandLine = at('packages/cli/src/main.ts');

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function train(name: string, epochs: string): Promise<Page> {
  const page = await open(NEW);
  await fillIn(page, { name, weight: '0.1', epochs });
  await page.locator('[data-ready][data-weight="0.1"]').waitFor();
  await start(page);
  return page;
}

describe('the form of a new run', () => {
  it('is not started by Enter in one of its fields', async () => {
    const page = await open(NEW);
    await page.locator('[data-ready]').waitFor();
    await page.locator('details.sweep summary').click();
    for (const label of ['weights', 'name of the run']) {
      await page.getByLabel(label, { exact: true }).press('Enter');
      await page.waitForTimeout(300);
    }
    expect(new URL(page.url()).pathname).toBe('/new');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
    await page.close();
  });

  it('shows what does not fit, also in a fold', async () => {
    const page = await open(NEW);
    await page.locator('[data-ready]').waitFor();
    await page.evaluate(`document.getElementById('training.warmupSteps').value = '-5'`);
    const button = page.getByRole('button', { name: 'Start training' });
    await button.click();
    await page.getByLabel('warmup steps').waitFor({ state: 'visible' });
    expect(existsSync(join(folder, 'runs'))).toBe(false);
    await page.close();
  });

  it('takes a file that is dropped beside its field', async () => {
    const page = await open('/new');
    const files = await page.evaluateHandle(
      `{ const files = new DataTransfer(); files.items.add(new File(['prompt,completion\\na,b\\n'], 'beside.csv')); files; }`,
    );
    await page.locator('h1').dispatchEvent('drop', { dataTransfer: files });
    await page.locator('#upload', { hasText: 'rows/beside.csv is there' }).waitFor();
    await page.close();
  });
});

describe('a run', () => {
  it('is paused by a slow press, while its page is drawn anew', async () => {
    const page = await train('slow', '60');
    await page.locator('progress').waitFor();
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.hover();
    await page.mouse.down();
    await page.waitForTimeout(2500);
    await page.mouse.up();
    await stateOf(page, 'paused');
    await page.close();
  });

  it('is seen in as many pages as somebody likes', async () => {
    const pages: Page[] = [];
    for (let i = 0; i < 8; i++) {
      const page = await open('/run?path=runs%2Fslow');
      pages.push(page);
      // As a browser does with the page that another one is opened over.
      await page.evaluate(
        `{ Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }`,
      );
    }
    // And one that was behind the others hears again of what happens.
    const [first] = pages as [Page];
    await first.evaluate(
      `{ Object.defineProperty(document, 'hidden', { value: false }); document.dispatchEvent(new Event('visibilitychange')); }`,
    );
    await first.bringToFront();
    await first.getByRole('button', { name: 'Resume' }).click();
    await stateOf(first, 'running');
    await first.getByRole('button', { name: 'Stop' }).click();
    await stateOf(first, 'stopped');
    for (const page of pages) await page.close();
  });

  it('whose folder was thrown away is gone, and its name is free', async () => {
    const page = await train('thrown-away', '1');
    await stateOf(page, 'done');
    rmSync(join(folder, 'runs/thrown-away'), { recursive: true });
    await page.reload();
    await page.getByText('There is no run here').waitFor();
    const list = await open('/');
    await list.getByRole('heading', { name: 'runs/slow' }).waitFor();
    expect(await list.getByRole('heading', { name: 'runs/thrown-away' }).count()).toBe(0);
    await list.close();
    await page.close();
    // Its name is free again.
    const again = await train('thrown-away', '1');
    await stateOf(again, 'done');
    await again.close();
  });

  it('is exported once, however often it is asked for', async () => {
    const page = await open('/run?path=runs%2Fthrown-away');
    for (const _ of [1, 2]) {
      await page.getByRole('button', { name: 'Whole model' }).click();
      await page.locator('#export .state.done').waitFor();
    }
    expect(await page.locator('[role=alert]').count()).toBe(0);
    expect(existsSync(join(folder, 'runs/thrown-away/export-merged'))).toBe(true);
    await page.close();
  });

  it('that was stopped is removed from the list, and its folder stays', async () => {
    const list = await open('/');
    const card = list.locator('.run-card', { hasText: 'runs/slow' });
    await card.getByRole('button', { name: 'Remove from the list' }).click();
    await card.waitFor({ state: 'detached' });
    await list.getByRole('heading', { name: 'runs/thrown-away' }).waitFor();
    expect(existsSync(join(folder, 'runs/slow/run.json'))).toBe(true);
    await list.close();
  });

  it('that was started on a terminal runs while its process lives', async () => {
    const flags = '--recipe support --model models/stories260k --data banking.csv --skip-invalid 1 --method full';
    const more = '--map message=text,problem=category --epochs 60 --output runs/terminal';
    const child = spawn(process.execPath, ['--no-warnings', commandLine, 'train', ...`${flags} ${more}`.split(' ')], {
      ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    });
    await until(() => existsSync(join(folder, 'runs/terminal/metrics.jsonl')));
    const page = await open('/run?path=runs%2Fterminal');
    await stateOf(page, 'running');
    expect(await page.locator('main, header').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('started outside the studio')]),
    );
    child.kill('SIGKILL');
    // Nobody has told the page.
    await stateOf(page, 'unfinished');
    await page.close();
  });
});

it('a sweep is told of trial by trial, while it goes on', async () => {
  const page = await open(NEW);
  await fillIn(page, { name: 'watched', weight: '', epochs: '6' });
  await page.locator('[data-ready]').waitFor();
  await page.locator('details.sweep summary').click();
  await page.getByLabel('weights', { exact: true }).fill('0, 1');
  await page.getByLabel('seeds of each').fill('2');
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  await page.waitForURL('**/sweep?**');
  await page.locator('tr', { hasText: 'to come' }).first().waitFor({ timeout: 60_000 });
  // Some are done, others are to come, and nobody asked for the page again.
  await page.locator('tbody:has(td:text-is("done")):has(td:text-is("to come"))').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await stateOf(page, 'paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await stateOf(page, 'done');
  await page.close();
});

it('a name that is taken is refused in words', async () => {
  const page = await train('fails', '1');
  await stateOf(page, 'done');
  await page.goto(
    new URL('/new?recipe=support&model=models/stories260k&data=banking.csv&evalSplit=0.1', studio.address).href,
  );
  await fillIn(page, { name: 'fails', weight: '0.1', epochs: '1' });
  await page.locator('[data-ready]').waitFor();
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.locator('#problem [role=alert]').waitFor();
  expect(await page.locator('#problem').textContent()).toContain('The folder is not empty. Choose another name.');
  await page.close();
});
