import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useThreads } from '../../packages/core/src/engine/native/load.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { findChromium } from '../browser/find-chromium.ts';
import { trainSteps } from './train-steps.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const wasm = (name: string) => at(`../../packages/engine-wasm/${name}`);

const executablePath = findChromium();
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

describe.skipIf(executablePath === undefined)('the engine in a page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-page-'));
  let browser: Browser;
  let server: Server;
  let expected: number[];
  const url = (path: string) => `http://localhost:${(server.address() as AddressInfo).port}${path}`;

  beforeAll(async () => {
    await build({
      ...{ entry: [at('in-page.ts')], outDir: folder, format: 'esm', platform: 'browser', target: 'es2022' },
      ...{ noExternal: [/.*/], silent: true, config: false, dts: false, splitting: false },
    });
    const files: Record<string, { type: string; bytes: () => Buffer | string }> = {
      '/page.html': { type: 'text/html', bytes: () => '<!doctype html><title>page</title>' },
      '/in-page.js': { type: 'text/javascript', bytes: () => readFileSync(join(folder, 'in-page.js')) },
      '/relaxed-simd.wasm': { type: 'application/wasm', bytes: () => readFileSync(wasm('relaxed-simd.wasm')) },
      '/simd128.wasm': { type: 'application/wasm', bytes: () => readFileSync(wasm('simd128.wasm')) },
    };
    server = createServer(({ url: asked = '' }, response) => {
      const [path = '', query] = asked.split('?');
      const file = files[path];
      const isolated = query === 'isolated' || path !== '/page.html' ? ISOLATED : {};
      response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain', ...isolated });
      response.end(file?.bytes());
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    await openEngine('wasm');
    useThreads(2);
    expected = await trainSteps();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  it('trains on several threads where the page is cross-origin isolated, with the losses of Node', async () => {
    const page = await browser.newPage();
    await page.goto(url('/page.html?isolated'));
    const trained = await page.evaluate(`new Promise((resolve, reject) => {
      const worker = new Worker('/in-page.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`);
    expect(trained).toMatchObject({ description: expect.stringMatching(/^our own for wasm, .*, 2 threads$/) });
    expect(trained).toMatchObject({ losses: expected });
  });

  it('trains on one thread where it is not', async () => {
    const page = await browser.newPage();
    await page.goto(url('/page.html'));
    const trained = await page.evaluate(`import('/in-page.js').then(() => globalThis.trained)`);
    expect(trained).toMatchObject({ description: expect.stringMatching(/, 1 thread$/), losses: expected });
  });

  it('learns', () => {
    expect(expected[4]).toBeLessThan(expected[0] as number);
  });
});
