import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { HANG_MS, HEAP_MEGABYTES, type Job, type JobState, PROCESS_MEGABYTES, SHARED_HEADER } from './shared.ts';
import { targets } from './targets/index.ts';
import type { Target } from './targets/target.ts';

/**
 * `pnpm fuzz INPUTS`: reads so many inputs in all, and ends with 1 if one of them did anything else than being read or
 * refused. With `--state FILE` it goes on where it stopped before, and writes what it knows after every round.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    state: { type: 'string' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    findings: { type: 'string', default: join(import.meta.dirname, 'findings') },
  },
});
const wanted = Number(positionals[0] ?? 100_000);
const chosen = values.target ? targets.filter(({ name }) => values.target?.includes(name)) : targets;
if (!Number.isInteger(wanted) || chosen.length === 0)
  throw new Error('usage: pnpm fuzz INPUTS [--target NAME] [--state FILE]');

/** What is known of a target; bytes are in base64. */
interface Progress {
  inputs: number;
  seconds: number;
  rounds: number;
  branches: number;
  findings: string[];
  corpus: string[];
}

const FRESH: Progress = { inputs: 0, seconds: 0, rounds: 0, branches: 0, findings: [], corpus: [] };
const progress: Record<string, Progress> =
  values.state && existsSync(values.state) ? JSON.parse(readFileSync(values.state, 'utf8')).targets : {};

/** One round of one target. A thread that does not come back, or takes too much memory, is ended: its input is a finding. */
async function round(target: Target, known: Progress, count: number): Promise<void> {
  const shared = new SharedArrayBuffer(SHARED_HEADER + 2 ** 17);
  const corpus = [...target.seeds, ...known.corpus.map((text) => Buffer.from(text, 'base64'))].map((bytes) =>
    Uint8Array.from(bytes),
  );
  const seed = Number(values.seed) * 1_000_003 + known.rounds;
  const job: Job = { target: target.name, corpus, seed, count, shared };
  const began = performance.now();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: job,
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  const result = await watched(worker, shared);
  known.seconds += (performance.now() - began) / 1000;
  known.rounds++;
  known.inputs += typeof result === 'string' ? (new Int32Array(shared, 0, 1)[0] as number) : count;
  if (typeof result === 'string') {
    const length = new Int32Array(shared, 4, 1)[0] as number;
    keep(target, known, Uint8Array.from(new Uint8Array(shared, SHARED_HEADER, length)), result);
    return;
  }
  known.corpus.push(...result.corpus.map((bytes) => Buffer.from(bytes).toString('base64')));
  known.branches = result.branches;
  for (const { input, problem } of result.findings) keep(target, known, input, problem);
}

/** Of the processor, for this process: a machine that does other things lets a thread wait for minutes. */
function milliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What the thread has to say, or why it was ended. */
function watched(worker: Worker, shared: SharedArrayBuffer): Promise<JobState | string> {
  return new Promise((resolve) => {
    const begun = new Int32Array(shared, 0, 1);
    let last = -1;
    let since = milliseconds();
    const end = (result: JobState | string) => {
      clearInterval(watch);
      void worker.terminate();
      resolve(result);
    };
    const watch = setInterval(() => {
      const now = Atomics.load(begun, 0);
      if (now !== last) [last, since] = [now, milliseconds()];
      else if (milliseconds() - since > HANG_MS) end('hang: it does not come back');
      const megabytes = process.memoryUsage().rss / 2 ** 20;
      if (megabytes > PROCESS_MEGABYTES) end(`memory: the process has ${Math.round(megabytes)} MB`);
    }, 250);
    worker.once('message', end);
    // A promise that nobody settles leaves nothing to wait for.
    worker.once('exit', () => end('the thread ended without a word'));
    worker.once('error', (error) => end(`the thread ended: ${error.stack ?? error.message}`));
  });
}

function keep(target: Target, known: Progress, input: Uint8Array, problem: string): void {
  const name = `${target.name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`;
  mkdirSync(values.findings, { recursive: true });
  writeFileSync(join(values.findings, name), input);
  const line = `${name}: ${problem.split('\n').slice(0, 6).join('\n    ')}`;
  known.findings.push(line);
  console.error(`FOUND ${line}`);
}

function save(): void {
  if (!values.state) return;
  writeFileSync(`${values.state}.partial`, JSON.stringify({ written: new Date(), targets: progress }));
  renameSync(`${values.state}.partial`, values.state);
}

const total = () => chosen.reduce((sum, { name }) => sum + (progress[name]?.inputs ?? 0), 0);
const share = Math.ceil(wanted / chosen.length);
/** A thread takes a second to begin; a state that is saved every few minutes loses little. */
const ROUND = 50_000;
for (let left = true; left; ) {
  left = false;
  for (const target of chosen) {
    progress[target.name] ??= structuredClone(FRESH);
    const known = progress[target.name] as Progress;
    const count = Math.min(ROUND, share - known.inputs);
    if (count <= 0) continue;
    await round(target, known, count);
    save();
    left = true;
  }
  if (wanted > 10 * ROUND) console.error(`${new Date().toISOString()} ${total()} of ${wanted} inputs`);
}

for (const { name } of chosen) {
  const { inputs, seconds, corpus, branches, findings } = progress[name] as Progress;
  const speed = Math.round(inputs / seconds);
  console.log(
    `${name}: ${inputs} inputs, ${speed}/s, ${branches} branches, ${corpus.length} kept, ${findings.length} findings`,
  );
}
const findings = chosen.flatMap(({ name }) => (progress[name] as Progress).findings);
console.log(`${total()} inputs, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
