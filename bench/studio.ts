/**
 * What the studio costs and how soon it is there: the time from the command to its page, that of a page with a run of
 * 100,000 steps, the size of its report, and a training's speed with the studio's page open beside it, of that without.
 *
 *     node bench/studio.ts                # some minutes; needs Chromium
 *     node bench/studio.ts --rounds 3
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { evaluated, manySteps, writeRun } from '../packages/core/src/report/test-support/simulated-run.ts';
import { writeReport } from '../packages/core/src/report/write-report.ts';
import { openBrowser } from '../test/browser/looks.ts';
import { startStudio } from '../test/browser/studio-process.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'counterweight-studio-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'runs'));

const long = join(folder, 'runs/long');
await writeRun(long, { steps: manySteps(100_000), evaluations: [evaluated(0, 500, 0), evaluated(100_000, 500, 400)] });
const report = await writeReport(long);
const reportBytes = statSync(report).size;

const browser = await openBrowser();
const pageOf = async (address: string) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(address);
  return page;
};

/** Milliseconds from asking for a page to all of it. */
const drawOf = async (page: Page, address: string): Promise<number> => {
  await page.goto(address);
  return page.evaluate(
    `(({ startTime, domComplete }) => domComplete - startTime)(performance.getEntriesByType('navigation')[0])`,
  );
};

/** Milliseconds from the command to a page that is drawn. */
const starts: number[] = [];
const draws: number[] = [];
const reportDraws: number[] = [];
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const studio = await startStudio(folder, '--port', '0');
  const page = await pageOf(studio.address);
  await page.locator('h1').waitFor();
  starts.push(performance.now() - began);
  for (let i = 0; i < 3; i++) {
    draws.push(await drawOf(page, new URL('/run?path=runs%2Flong', studio.address).href));
    reportDraws.push(await drawOf(page, pathToFileURL(report).href));
  }
  await page.context().close();
  await studio.kill();
}

/** Tokens a second of a training in its own process, by the median of its steps. */
async function train(name: string): Promise<number> {
  const output = join(folder, 'runs', name);
  const flags = [
    '--recipe',
    'support',
    '--model',
    at('models/stories260k'),
    '--method',
    'full',
    '--learning-rate',
    '3e-3',
  ];
  const data = ['--data', at('packages/recipe-support/fixtures/banking77-train.csv'), '--eval-split', '0.05'];
  const child = spawn(
    process.execPath,
    ['--no-warnings', at('packages/cli/src/main.ts'), 'train', ...flags, ...data, '--epochs', '1', '--output', output],
    {
      stdio: 'ignore',
    },
  );
  await once(child, 'exit');
  const steps = readFileSync(join(output, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return median(steps.map((line) => (JSON.parse(line) as { tokensPerSecond: number }).tokensPerSecond));
}

const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const alone = await train(`alone-${round}`);
  const studio = await startStudio(folder, '--port', '0');
  const list = await pageOf(studio.address);
  const training = train(`watched-${round}`);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const watching = await pageOf(studio.address);
  await watching.goto(new URL(`/run?path=runs%2Fwatched-${round}`, studio.address).href);
  ratios.push((await training) / alone);
  for (const page of [list, watching]) await page.context().close();
  await studio.kill();
}
await browser.close();

const range = (all: readonly number[], digits: number) =>
  `${median(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)} to ${Math.max(...all).toFixed(digits)})`;
console.log(`${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}, ${rounds} rounds`);
console.log(`from the command to the page            ${range(starts, 0)} ms`);
console.log(`page of a run of 100,000 steps          ${range(draws, 0)} ms`);
console.log(`its report, ${(reportBytes / 1000).toFixed(0)} kB, from its file      ${range(reportDraws, 0)} ms`);
console.log(`training watched, of training alone     ${range(ratios, 3)}`);
