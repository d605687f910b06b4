import { workerData } from 'node:worker_threads';
import { COUNTERS, watchBranches } from './instrument.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import { type Job, type JobState, SHARED_HEADER, SLOW_MS } from './shared.ts';
import type { Target } from './targets/target.ts';

/**
 * The thread that reads: it draws an input, reads it, and keeps it where it took branches, or took them as often, as no
 * input before. What it is about to read lies in memory that the main thread sees, should it never come back.
 */

const { target: name, corpus, seed, count, shared } = workerData as Job;
const branches = watchBranches();
// Enough to tell where; most errors here are refusals, whose places nobody reads.
Error.stackTraceLimit = 4;
const { targets } = await import('./targets/index.ts');
const { isRefusal } = await import('./targets/target.ts');
const { withHeader } = await import('./targets/safetensors.ts');
const target = targets.find((one) => one.name === name) as Target;

const header = new Int32Array(shared, 0, SHARED_HEADER / 4);
const current = new Uint8Array(shared, SHARED_HEADER);
const counters = globalThis.fuzzCounters;
/** For every branch, the kinds of numbers (1, 2, 3, 4–7, 8–15 …) that it was taken already. */
const seen = new Uint8Array(COUNTERS);
/** How many branches each input of the corpus takes: what it costs to read it, and the same on every machine. */
const costs: number[] = [];

let unhandled: unknown;
process.on('unhandledRejection', (reason) => {
  unhandled = reason ?? new Error('an unhandled rejection');
});
// What a reader prints is a fault as well.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...said: unknown[]) => {
    unhandled = new Error(`printed: ${said.join(' ')}`);
  };
}

/** @returns what went wrong; undefined for an input that is read or refused */
async function attempt(input: Uint8Array): Promise<string | undefined> {
  unhandled = undefined;
  try {
    await target.read(input);
  } catch (error) {
    if (!isRefusal(error)) return describe(error);
  }
  return unhandled === undefined ? undefined : `unhandled: ${describe(unhandled)}`;
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Whether the input just read went where none went before, and how many branches it took; the counters begin anew. */
function branchesTaken(): { isNew: boolean; cost: number } {
  let isNew = false;
  let cost = 0;
  for (let i = branches() - 1; i >= 0; i--) {
    const taken = counters[i] as number;
    if (taken === 0) continue;
    counters[i] = 0;
    cost += taken;
    const kind = 1 << Math.min(7, taken < 4 ? taken - 1 : 30 - Math.clz32(taken) + 1);
    if (((seen[i] as number) & kind) !== 0) continue;
    seen[i] = (seen[i] as number) | kind;
    isNew = true;
  }
  return { isNew, cost };
}

/** An input made of one that is known. */
function draw(random: Random): Uint8Array {
  // Half the time one of the newest, which lead on; of two, the one that is read sooner: more can be tried in the time.
  const from = random.below(2) === 0 ? Math.max(0, corpus.length - 20) : 0;
  const [a, b] = [from + random.below(corpus.length - from), from + random.below(corpus.length - from)];
  const parent = corpus[(costs[a] as number) < (costs[b] as number) ? a : b] as Uint8Array;
  const changed = random.below(2) === 0 ? changedJson(parent, random) : undefined;
  return changed ?? mutateBytes(parent, { random, others: corpus, words: target.words });
}

function changedJson(parent: Uint8Array, random: Random): Uint8Array | undefined {
  const text = Buffer.from(parent);
  if (target.json === 'whole') return bytesOf(mutateJson(text.toString(), random));
  if (target.json === 'lines') {
    const lines = text.toString().split('\n');
    const at = random.below(lines.length);
    const changed = mutateJson(lines[at] as string, random);
    return changed === undefined ? undefined : bytesOf(lines.with(at, changed).join('\n'));
  }
  if (target.json !== 'safetensors' || text.length < 8) return undefined;
  const end = 8 + Number(text.readBigUInt64LE());
  const changed = mutateJson(text.subarray(8, end).toString(), random);
  return changed === undefined ? undefined : withHeader(changed, text.subarray(end));
}

const bytesOf = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text));

/** The processor's time for this thread, where Node tells it (24 does): a machine that does other things takes longer. */
function milliseconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? {};
  return user === undefined || system === undefined ? performance.now() : (user + system) / 1000;
}

async function work(): Promise<JobState> {
  const random = createRandom(seed);
  const findings: { input: Uint8Array; problem: string }[] = [];
  const found = new Set<string>();
  const first = corpus.length;
  const readOne = async (input: Uint8Array): Promise<void> => {
    header[1] = Math.min(input.length, current.length);
    current.set(input.subarray(0, current.length));
    Atomics.add(header, 0, 1);
    const began = milliseconds();
    let problem = await attempt(input);
    const ms = milliseconds() - began;
    if (ms > SLOW_MS && problem === undefined)
      problem = (await isSlow(input)) ? 'slow: it takes longer than two seconds' : undefined;
    if (problem !== undefined && !found.has(placeOf(problem))) {
      found.add(placeOf(problem));
      findings.push({ input: Uint8Array.from(input), problem });
    }
  };
  for (const input of corpus) {
    await readOne(input);
    costs.push(branchesTaken().cost);
  }
  for (let i = 0; i < count; i++) {
    const input = draw(random);
    await readOne(input);
    const { isNew, cost } = branchesTaken();
    if (isNew) {
      corpus.push(Uint8Array.from(input));
      costs.push(cost);
    }
    // Rejections that nobody handles are told between turns.
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { corpus: corpus.slice(first), branches: seen.reduce((sum, kinds) => sum + Math.sign(kinds), 0), findings };
}

/** Twice more: the first time code is compiled along. */
async function isSlow(input: Uint8Array): Promise<boolean> {
  for (let i = 0; i < 2; i++) {
    const began = milliseconds();
    await attempt(input);
    if (milliseconds() - began <= SLOW_MS) return false;
  }
  return true;
}

/** The kind of a problem: its words without numbers, and the place it comes from. */
function placeOf(problem: string): string {
  const [message, ...stack] = problem.split('\n');
  return `${message?.slice(0, 40).replaceAll(/\d+/g, '0')} ${stack[0] ?? ''}`;
}

const { parentPort } = await import('node:worker_threads');
parentPort?.postMessage(await work());
