import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRun } from '../../packages/core/src/report/test-support/simulated-run.ts';
import { writeReport } from '../../packages/core/src/report/write-report.ts';
import { axeFindings, LOOKS, openBrowser, openDetails, screenshots, widthOf } from './looks.ts';
import { hostileRun, writePages } from './pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterweight-browser-'));
const NAMES = ['run', 'unmeasured', 'unfinished', 'nothing', 'comparison', 'preview', 'sweep'];
let browser: Browser;
let addresses: Record<string, string>;

beforeAll(async () => {
  addresses = await writePages(folder);
  mkdirSync(screenshots, { recursive: true });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** A page as a reader opens it, with what went wrong: complaints of the browser, and whatever it asked the network for. */
async function open(address: string, how: BrowserContextOptions = {}): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...how });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, wrong };
}

describe.each(NAMES)('the page "%s"', (name) => {
  it.each(LOOKS)('has nothing that axe finds, in %s on %d pixels, and fits', async (colorScheme, width) => {
    const address = addresses[name] as string;
    const { page, wrong } = await open(address, { colorScheme, viewport: { width, height: 900 } });
    await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    await openDetails(page);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    expect(wrong).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });
});

it('is whole without scripts, and on paper', async () => {
  const { page } = await open(addresses.run as string, { javaScriptEnabled: false });
  expect(await page.locator('h2').allTextContents()).toEqual([
    'Outcome',
    'Samples',
    'Labels',
    'Curves',
    'Forgetting',
    'Rows',
    'Options',
    'Repeat it',
  ]);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.definitions').isVisible()).toBe(true);
  expect(await page.locator('nav').isVisible()).toBe(false);
  await page.context().close();
});

it('is read by keyboard: links lead to parts, and tables of figures open', async () => {
  const { page } = await open(addresses.run as string);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Outcome');
  await page.locator('.figures summary').first().focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('.figures table').first().isVisible()).toBe(true);
  expect(await page.locator('.figures table').first().textContent()).toContain('held-out rows after step 400');
  await page.context().close();
});

describe('text of rows does nothing', () => {
  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image', '"><img src="https://example.org/x.png" onerror=alert(1)>'],
    ['a handler', "' onmouseover='alert(1)' autofocus onfocus=\"alert(1)"],
    ['the end of the styles', '</style></title><body onload=alert(1)><base href="https://example.org/">'],
    ['an address', 'javascript:alert(1)'],
    ['a frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="data:text/html,x"></object>'],
  ])('%s', async (_, text) => {
    const run = join(folder, 'hostile');
    await writeRun(run, hostileRun(text));
    const { page, wrong } = await open(`file://${await writeReport(run)}`);
    await openDetails(page);
    await page.evaluate(`for (const one of document.querySelectorAll('*'))
      for (const what of ['mouseover', 'focus', 'click', 'error', 'load']) one.dispatchEvent(new Event(what, { bubbles: true }))`);
    expect(wrong).toEqual([]);
    const found = await page.evaluate(`({
      elements: document.querySelectorAll('script, img, iframe, object, embed, base, form, link').length,
      handlers: [...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter(({ name }) => name.startsWith('on')).length,
      links: [...document.querySelectorAll('a')].filter((link) => !link.getAttribute('href').startsWith('#')).length,
      said: document.querySelector('.said').textContent,
    })`);
    expect(found).toEqual({ elements: 0, handlers: 0, links: 0, said: text });
    await page.context().close();
  });

  it('marks of direction turn nothing: letters stand in the order in which they are written', async () => {
    const run = join(folder, 'turned');
    await writeRun(run, hostileRun('abc\u202edef\u2066ghi'));
    const { page } = await open(`file://${await writeReport(run)}`);
    const places = await page.evaluate<number[]>(`['a', 'd', 'f', 'g'].map((letter) => {
      const text = document.querySelector('.said').firstChild;
      const range = document.createRange();
      range.setStart(text, text.data.indexOf(letter));
      range.setEnd(text, text.data.indexOf(letter) + 1);
      return range.getBoundingClientRect().left;
    })`);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    await page.context().close();
  });

  it('right-to-left text keeps its own direction, and what stands beside it keeps its place', async () => {
    const run = join(folder, 'hebrew');
    await writeRun(run, hostileRun('שלום 123'));
    const { page } = await open(`file://${await writeReport(run)}`);
    const directionOf = (selector: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).direction`);
    expect(await directionOf('.answers .said')).toBe('rtl');
    expect(await directionOf('.answers .label')).toBe('ltr');
    await page.context().close();
  });
});
