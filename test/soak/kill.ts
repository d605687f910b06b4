/**
 * `node test/soak/kill.ts KILLS [RESULTS.jsonl]`: trains small runs, ends them with SIGKILL, goes on with them, and compares
 * what comes out with the run that nobody touched: the same bytes, and each step once in metrics.jsonl.
 *
 * Half of the kills come at any moment. The other half are aimed: before the n-th change of a file, where checkpoints,
 * logs, predictions and the result are written, and while evaluations go on. A trial is killed one to three times. With
 * a file for results, what was done before is not done again; the seed of a trial is its number.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { surveyEngines } from '@counterweight/core';
import { createRandom } from '../../packages/core/src/random.ts';
import { configurations, writeRows } from './configurations.ts';
import { fingerprint, firstDifference } from './fingerprint.ts';

interface Reference {
  readonly files: Record<string, string>;
  readonly milliseconds: number;
  readonly counts: { readonly write: number; readonly evaluation: number };
}

interface Trial {
  readonly number: number;
  readonly configuration: string;
  /** The moments at which it was ended. */
  readonly kills: readonly string[];
  /** What went wrong, if anything did. */
  readonly problem?: string | undefined;
}

const program = fileURLToPath(new URL('./training-process.ts', import.meta.url));
const wanted = Number(process.argv[2] ?? 50);
const results = process.argv[3];
const folder = mkdtempSync(join(tmpdir(), 'kill-'));

/** Trains to the end, or to the moment; `milliseconds`: ended from outside after so long. */
async function train(configuration: string, output: string, moment = '', milliseconds = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [program, configuration, folder, output, moment], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (errors += text));
  const timer = new AbortController();
  if (Number.isFinite(milliseconds)) {
    sleep(milliseconds, undefined, { signal: timer.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
  }
  const ended = await new Promise<string>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? String(code))),
  );
  timer.abort();
  return { ended, out, errors };
}

async function referenceOf(configuration: string): Promise<Reference> {
  const output = join(folder, `reference-${configuration}`);
  const began = performance.now();
  const { ended, out, errors } = await train(configuration, output);
  if (ended !== '0') throw new Error(`${configuration} does not train to its end:\n${errors}`);
  const counts = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Reference['counts'];
  return { files: fingerprint(output), milliseconds: performance.now() - began, counts };
}

async function trialOf(number: number, configuration: string, reference: Reference): Promise<Trial> {
  const random = createRandom(number, 0x6b111);
  const output = join(folder, `trial-${number}`);
  const kills: string[] = [];
  const wantedKills = 1 + random.integer(3);
  try {
    for (let i = 0; i < wantedKills; i++) {
      const aimed = number % 2 === 1;
      const at = aimed ? aim(reference, random.integer) : '';
      const after = aimed ? Number.POSITIVE_INFINITY : random.uniform() * reference.milliseconds;
      const { ended, errors } = await train(configuration, output, at, after);
      if (ended === 'SIGKILL') kills.push(at || `${Math.round(after)} ms`);
      else if (ended === '0') break;
      else return { number, configuration, kills, problem: `ended with ${ended}: ${errors.slice(0, 2000)}` };
    }
    const { ended, errors } = await train(configuration, output);
    const problem =
      ended === '0' ? firstDifference(reference.files, fingerprint(output)) : `${ended}: ${errors.slice(0, 2000)}`;
    return { number, configuration, kills, problem };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function aim({ counts }: Reference, integer: (below: number) => number): string {
  const evaluating = counts.evaluation > 0 && integer(4) === 0;
  const what = evaluating ? 'evaluation' : 'write';
  return `${what}:${1 + integer(counts[what])}`;
}

async function main(): Promise<number> {
  await writeRows(folder);
  const usable = (await surveyEngines()).filter((engine) => engine.usable).map((engine) => engine.name);
  const names = Object.keys(configurations).filter((name) => usable.includes(configurations[name]?.engine as 'wasm'));
  for (const name of Object.keys(configurations))
    if (!names.includes(name)) console.log(`Skipped: ${name}, no such engine`);
  const earlier = results && existsSync(results) ? readFileSync(results, 'utf8').split('\n').filter(Boolean) : [];
  const done = earlier.map((line) => JSON.parse(line) as Trial);
  const references = new Map<string, Reference>();
  let kills = done.reduce((sum, trial) => sum + trial.kills.length, 0);
  let failed = done.filter(({ problem }) => problem !== undefined).length;
  for (let number = done.length; kills < wanted; number++) {
    const name = names[Math.floor(number / 2) % names.length] as string;
    const reference = references.get(name) ?? (await referenceOf(name));
    references.set(name, reference);
    const trial = await trialOf(number, name, reference);
    kills += trial.kills.length;
    if (trial.problem !== undefined) failed++;
    if (results) appendFileSync(results, `${JSON.stringify(trial)}\n`);
    console.log(
      `${trial.problem === undefined ? 'same ' : 'OTHER'} ${number} ${name}: ${trial.kills.join(', ')} ${trial.problem ?? ''}`,
    );
  }
  console.log(`${kills} kills, ${failed} runs that came out otherwise`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
