import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

export const screenshots: string = fileURLToPath(new URL('screenshots/', import.meta.url));

/** How pages are looked at: colours and width in pixels. */
export const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() as string,
    args: ['--no-sandbox', '--disable-background-networking'],
  });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds. A page's own policy lets no script in; this one comes in by the debugger, which the policy does not bind. */
export async function axeFindings(page: Page): Promise<unknown> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: axe });
  const { result } = await debug.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 150) + ' ' + failureSummary)))`,
    ...{ awaitPromise: true, returnByValue: true },
  });
  return result.value;
}

export const widthOf = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth');

/** Unfolds everything. */
export const openDetails = (page: Page): Promise<unknown> =>
  page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
