/**
 * What the studio costs and how soon it is there: the time from the command to its page, that of a page with a run of
 * 100,000 steps, the size of its report, and a training's speed with the studio's page open beside it, of that without.
 *
 *     node bench/studio.ts                # some minutes; needs Chromium
 *     node bench/studio.ts --rounds 3
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { evaluated, manySteps, writeRun } from '../packages/core/src/report/test-support/simulated-run.ts';
import { writeReport } from '../packages/core/src/report/write-report.ts';
import { openBrowser } from '../test/browser/looks.ts';
import { type StudioProcess, startStudio } from '../test/browser/studio-process.ts';
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

/** Starts a training as the studio's page does. */
async function start({ address }: StudioProcess, name: string): Promise<void> {
  const { origin, port, searchParams } = new URL(address);
  const cookie = `counterweight-${port}=${searchParams.get('token')}`;
  const settings = { 'training.method': 'full', 'training.learningRate': '3e-3', 'training.epochs': '1' };
  const form = { recipe: 'support', model: 'model', data: 'rows.csv', evalSplit: '0.05', name, ...settings };
  const answer = await fetch(new URL('/start', address), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', origin, cookie },
    body: JSON.stringify(form),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Tokens a second of a run, by the median of its steps, when it has come to its end. */
async function speedOf(name: string): Promise<number> {
  const run = join(folder, 'runs', name);
  while (!existsSync(join(run, 'report.html'))) await sleep(200);
  const steps = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return median(steps.map((line) => (JSON.parse(line) as { tokensPerSecond: number }).tokensPerSecond));
}

cpSync(at('models/stories260k'), join(folder, 'model'), { recursive: true });
cpSync(at('packages/recipe-support/fixtures/banking77-train.csv'), join(folder, 'rows.csv'));
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const starting = await startStudio(folder, '--port', '0');
  await start(starting, `alone-${round}`);
  while (!existsSync(join(folder, 'runs', `alone-${round}`, 'run.json'))) await sleep(50);
  // The run goes on without it.
  await starting.kill();
  const alone = await speedOf(`alone-${round}`);
  const studio = await startStudio(folder, '--port', '0');
  const page = await pageOf(studio.address);
  await start(studio, `watched-${round}`);
  await page.goto(new URL(`/run?path=runs%2Fwatched-${round}`, studio.address).href);
  ratios.push((await speedOf(`watched-${round}`)) / alone);
  await page.context().close();
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
