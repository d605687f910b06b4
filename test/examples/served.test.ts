import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../browser/find-chromium.ts';
import { ended, served } from './run-example.ts';

const OPENING = 'We open at nine in the morning.';

describe('examples that are asked live', { timeout: 300_000 }, () => {
  it('fastify-server streams the answer, refuses what is no question, and ends when it is told to', async () => {
    const { server, address } = await served('fastify-server');
    try {
      const ask = (body: object) =>
        fetch(`${address}/answer`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const response = await ask({ question: 'When do you open?' });
      // A stream: its length is not known when it begins.
      expect(response.headers.get('transfer-encoding')).toBe('chunked');
      expect(await response.text()).toBe(OPENING);
      expect((await ask({})).status).toBe(400);
      expect(await ended(server)).toBe(0);
    } finally {
      server.kill();
    }
  });

  const executablePath = findChromium();
  it.skipIf(executablePath === undefined)(
    'page answers in Chromium, with nothing but files from the server',
    async () => {
      const { server, address } = await served('page');
      const browser = await chromium.launch({
        executablePath: executablePath as string,
        args: ['--no-sandbox', '--disable-background-networking'],
      });
      try {
        const page = await browser.newPage();
        const wrong: string[] = [];
        page.on('pageerror', ({ message }) => wrong.push(message));
        page.on('response', (response) => {
          if (response.status() >= 400 || !response.url().startsWith(address)) wrong.push(response.url());
        });
        await page.goto(address);
        await page.locator('button:enabled').click({ timeout: 120_000 });
        await page.locator('output[data-done]').waitFor({ timeout: 120_000 });
        expect(await page.textContent('output')).toBe(OPENING);
        expect(wrong).toEqual([]);
        for (const outside of ['/../package.json', '/models/shop/..%2frun.json', '/none']) {
          expect((await fetch(`${address}${outside}`)).status).toBe(404);
        }
        expect(await ended(server)).toBe(0);
      } finally {
        await browser.close();
        server.kill();
      }
    },
  );
});
