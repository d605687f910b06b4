import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, LOOKS, openBrowser, openDetails, screenshots, widthOf } from './looks.ts';
import { bankingCsv, dropFile, fillIn, start, stateOf } from './studio-hands.ts';
import { type StudioProcess, startStudio } from './studio-process.ts';

/** The studio as its users have it: a fresh folder, the command, a browser. The tests tell one story, in order. */

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'counterweight-studio-'));
const folder = join(place, 'work');

let browser: Browser;
let studio: StudioProcess;
/** What a browser complained of. */
const wrong: string[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, 'models'), { recursive: true });
  mkdirSync(screenshots, { recursive: true });
  cpSync(at('models/stories260k'), join(folder, 'models/stories260k'), { recursive: true });
  writeFileSync(join(place, 'banking.csv'), bankingCsv(600));
  [browser, studio] = await Promise.all([openBrowser(), startStudio(folder, '--port', '0')]);
});
afterAll(async () => {
  await browser?.close();
  await studio?.kill();
  rmSync(place, { recursive: true });
});

async function open(path = '/', how: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...how });
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(studio.address);
  if (path !== '/') await page.goto(new URL(path, studio.address).href);
  return page;
}

describe('a newcomer', () => {
  it('drops rows, sees what counts, and trains', async () => {
    const page = await open('/new');
    await dropFile(page, join(place, 'banking.csv'), 'banking.csv');
    await fillIn(page, { name: 'first', weight: '0.1', epochs: '2' });
    // Columns are found, and the row that does not fit is named.
    await page.locator('[data-ready]').waitFor();
    expect(await page.getByLabel('message', { exact: true }).inputValue()).toBe('text');
    expect(await page.getByLabel('problem').first().inputValue()).toBe('category');
    expect(await page.locator('.problems').textContent()).toContain('row 17');
    // The receipt moves with the weight.
    const share = () => page.locator('.balance').nth(1).textContent();
    await page.locator('[data-ready][data-weight="0.1"]').waitFor();
    const before = await share();
    await page.locator('#slider').fill('70');
    await page.locator('[data-ready][data-weight="0.31"]').waitFor();
    expect(await share()).not.toBe(before);
    expect(await page.locator('.run.user').nth(1).textContent()).toContain('0.31');
    await start(page);
    await stateOf(page, 'running');
    await page.locator('#curves').waitFor();
    await stateOf(page, 'done');
    await page.locator('.verdict').waitFor();
    expect(existsSync(join(folder, 'runs/first/result.json'))).toBe(true);
    await page.context().close();
  });

  it('trains again with another weight, and compares', async () => {
    const page = await open('/new');
    await page.locator('#data').selectOption({ label: 'rows/banking.csv' });
    await fillIn(page, { name: 'second', weight: '0', epochs: '2' });
    await page.locator('[data-ready][data-weight="0"]').waitFor();
    await start(page);
    await stateOf(page, 'done');
    await page.goto(new URL('/', studio.address).href);
    for (const box of await page.getByLabel('compare').all()) await box.check();
    await page.getByRole('button', { name: 'Compare the chosen ones' }).click();
    await page.getByRole('heading', { name: '2 runs of support' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('prompt loss weight');
    await page.context().close();
  });

  it('asks the model and what it was before the same, and reads both answers', async () => {
    const page = await open('/ask');
    await page.getByLabel('message').fill('I lost my card');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.asked .label', { hasText: 'with reading the model' }).nth(1).waitFor();
    const texts = await page.locator('.asked .said').allTextContents();
    expect(texts.every((text) => text.trim() !== '')).toBe(true);
    expect(new Set(texts).size).toBe(2);
    await page.context().close();
  });

  it('exports, and opens the report', async () => {
    const page = await open('/run?path=runs%2Ffirst');
    await page.getByRole('button', { name: 'GGUF' }).click();
    await page.locator('#export .state.done').waitFor();
    const place = await page.locator('#export h3').first().textContent();
    expect(existsSync(join(folder, place ?? 'nowhere'))).toBe(true);
    await page.getByRole('link', { name: 'Report' }).click();
    expect(await page.locator('h2').allTextContents()).toContain('Repeat it');
    await page.context().close();
  });
});

describe('a run', () => {
  it('is paused in one page and resumed in another, and both see it', async () => {
    const page = await open('/new');
    await page.locator('#data').selectOption({ label: 'rows/banking.csv' });
    await fillIn(page, { name: 'long', weight: '0.1', epochs: '40' });
    await page.locator('[data-ready]').waitFor();
    await start(page);
    const other = await open('/');
    await Promise.all([stateOf(page, 'running'), stateOf(other, 'running')]);
    await page.locator('progress').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await Promise.all([stateOf(page, 'paused'), stateOf(other, 'paused')]);
    await other.getByRole('button', { name: 'Resume' }).click();
    await Promise.all([stateOf(page, 'running'), stateOf(other, 'running')]);
    await other.context().close();
    await page.context().close();
  });

  it('goes on when the studio is killed, and is found again by the page that was open', async () => {
    const page = await open('/run?path=runs%2Flong');
    await stateOf(page, 'running');
    await studio.kill();
    await page.locator('#connection').waitFor();
    const step = () =>
      Number(
        /"step":(\d+)/.exec(
          readFileSync(join(folder, 'runs/long/metrics.jsonl'), 'utf8').trim().split('\n').at(-1) ?? '',
        )?.[1],
      );
    const before = step();
    await expect.poll(step).toBeGreaterThan(before);
    studio = await startStudio(folder, '--port', new URL(studio.address).port);
    await page.locator('#connection').waitFor({ state: 'hidden', timeout: 30_000 });
    await stateOf(page, 'running');
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateOf(page, 'stopped');
    await page.context().close();
  });

  it('waits for its turn, and may be taken out of the queue', async () => {
    const page = await open('/run?path=runs%2Flong');
    await page.getByRole('button', { name: 'Resume' }).click();
    await stateOf(page, 'running');
    await page.goto(new URL('/new', studio.address).href);
    await page.locator('#data').selectOption({ label: 'rows/banking.csv' });
    await fillIn(page, { name: 'next', weight: '0.1', epochs: '1' });
    await page.locator('[data-ready]').waitFor();
    await start(page);
    await stateOf(page, 'queued');
    await page.getByRole('button', { name: 'Take out of the queue' }).click();
    await stateOf(page, 'stopped');
    await page.goto(new URL('/run?path=runs%2Flong', studio.address).href);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateOf(page, 'stopped');
    await page.context().close();
  });
});

it('a sweep is started, watched and read', async () => {
  const page = await open('/new');
  await page.locator('#data').selectOption({ label: 'rows/banking.csv' });
  await fillIn(page, { name: 'weights', weight: '', epochs: '1' });
  await page.locator('[data-ready]').waitFor();
  await openDetails(page);
  await page.getByLabel('weights', { exact: true }).fill('0, 1');
  await page.getByLabel('seeds of each').fill('2');
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  await page.waitForURL('**/sweep?**');
  await page.locator('tbody tr').nth(3).waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'What came out' }).waitFor({ timeout: 120_000 });
  await stateOf(page, 'done');
  await page.getByRole('link', { name: 'What came out' }).click();
  expect(await page.locator('main').textContent()).toContain('prompt');
  await page.context().close();
});

describe('the page', () => {
  const pages = {
    runs: '/',
    new: '/new?recipe=support&model=models/stories260k&data=rows/banking.csv',
    run: '/run?path=runs%2Ffirst',
    stopped: '/run?path=runs%2Flong',
    sweep: '/sweep?path=sweeps%2Fweights',
    ask: '/ask',
    missing: '/nowhere',
  };
  describe.each(Object.entries(pages))('"%s"', (name, path) => {
    it.each(LOOKS)('has nothing that axe finds, in %s on %d pixels, and fits', async (colorScheme, width) => {
      const page = await open(path, { colorScheme, viewport: { width, height: 900 } });
      if (name === 'new') await page.locator('[data-ready]').waitFor();
      await page.screenshot({ path: join(screenshots, `studio-${name}-${colorScheme}-${width}.png`), fullPage: true });
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      await openDetails(page);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    });
  });

  it('complained of nothing in all of this', () => {
    expect(wrong).toEqual([]);
  });
});
