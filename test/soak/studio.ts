/**
 * `pnpm soak:studio KILLS [SEED]`: a studio with jobs in its queue is ended with SIGKILL at any moment, and started again, until
 * it was killed so often and all jobs are done. Each comes to its end exactly once, and never do two processes do the same one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../packages/core/src/random.ts';
import type { FakeLine } from '../../packages/studio/src/jobs/test-support/fake-command.ts';
import { readFakeLog } from '../../packages/studio/src/jobs/test-support/studio.ts';
import { writeRows } from './configurations.ts';

const [wanted = '50', seed = '1'] = process.argv.slice(2);
const kills = Number(wanted);
const random = createRandom(Number(seed), 0x57d10);
const folder = mkdtempSync(join(tmpdir(), 'soak-studio-'));
const program = fileURLToPath(new URL('./studio-process.ts', import.meta.url));

function startStudio(jobs: number, number: number): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', program, folder, String(jobs), String(number)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * A studio that is killed after a while: a third of them while they find their jobs, add some and start some, the others later.
 * @returns after how many milliseconds from the moment it was loaded
 */
async function killOne(jobs: number, number: number): Promise<number> {
  const after = random.integer(number % 3 === 0 ? 200 : 2000);
  const studio = startStudio(jobs, number);
  const ended = once(studio, 'exit');
  // Its first word: it is loaded.
  const moment = once(studio.stdout as NodeJS.ReadableStream, 'data').then(() => sleep(after));
  const early = await Promise.race([ended, moment]);
  if (early) throw new Error(`The studio ended by itself, with ${early[0]}`);
  studio.kill('SIGKILL');
  await ended;
  return after;
}

/** What is wrong with the history of a job: undefined where it was started, perhaps stopped and started again, and ended. */
function problemOf(lines: readonly FakeLine[]): string | undefined {
  let at: number | undefined;
  for (const { what, pid } of lines) {
    if (what === 'start' && at !== undefined) return `${pid} starts while ${at} is at it`;
    if (what !== 'start' && at !== pid) return `${pid} ends, which is not at it`;
    at = what === 'start' ? pid : undefined;
  }
  const ends = doneIn(lines);
  return ends === 1 && lines.at(-1)?.what === 'end' ? undefined : `done ${ends} times`;
}

const doneIn = (log: readonly FakeLine[]): number => log.filter(({ what }) => what === 'end').length;

async function main(): Promise<void> {
  await writeRows(folder);
  let jobs = 0;
  for (let number = 1; number <= kills; number++) {
    // There is always something to do, and something to come.
    jobs = 6 + number;
    const after = await killOne(jobs, number);
    if (number % 20 === 0) console.log(`${number} kills, the last after ${after} ms; ${jobs} jobs`);
  }
  const before = doneIn(readFakeLog(join(folder, 'log')));
  writeFileSync(join(folder, 'last'), '');
  const [code] = await once(startStudio(jobs, 0), 'exit');
  if (code !== 0) throw new Error(`The last studio ended with ${code}`);
  const log = readFakeLog(join(folder, 'log'));
  const outputs = Array.from({ length: jobs }, (_, n) => join(folder, 'outputs', `${n}`));
  const problems = outputs.flatMap((output) => {
    const problem = problemOf(log.filter((line) => line.output === output));
    return problem === undefined ? [] : [`${output}: ${problem}`];
  });
  const starts = log.filter(({ what }) => what === 'start').length;
  for (const problem of problems) console.log(problem);
  console.log(
    `${kills} kills, ${jobs} jobs in ${starts} processes, ${before} of them done before the last kill; ` +
      `${problems.length} lost, done twice, or done by two at once`,
  );
  if (problems.length > 0) process.exitCode = 1;
}

console.log(`In ${folder}, which is removed when all went well`);
await main();
if (process.exitCode === undefined) rmSync(folder, { recursive: true, force: true });
