import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate } from './alternate.ts';
import { type Comparison, compare, type Runs, type Targets } from './compare.ts';
import { usableEngines } from './counterweight.ts';
import { type Job, writeJob } from './job.ts';
import type { BenchOptions, EngineName, Precision } from './options.ts';
import type { Side } from './side.ts';
import { ensureVenv } from './venv.ts';

/** One claim about the engine, and the way to prove or refute it. */
export interface Scenario {
  readonly name: string;
  /** One line, for --list. */
  readonly about: string;
  /** Part of `pnpm bench` without names. */
  readonly standard: boolean;
  run(options: BenchOptions): Promise<Section[]>;
  /** Our side alone, for --profile. */
  ours?(options: BenchOptions): Side;
}

/** A table of the results. */
export interface Section {
  readonly title: string;
  /** What is compared, in a few words: the table's first column. */
  readonly comparisons: readonly { readonly what: string; readonly comparison: Comparison }[];
  /** Operations of a step that cannot be done without, for the share of the machine's matrix product rate. */
  readonly operations?: number;
  readonly note?: string;
  /** What both sides are to agree in. */
  readonly evidence?: 'losses' | 'ids';
}

export const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let jobs = 0;
let jobFolder: string | undefined;

/** Writes the job to a file of its own, which goes when this process ends. */
export function jobFile(job: Job): string {
  jobFolder ??= temporaryFolder();
  const file = join(jobFolder, `${jobs++}.json`);
  writeJob(file, job);
  return file;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return folder;
}

export interface TrainingRun {
  readonly job: string;
  readonly precision: Precision;
  readonly steps: number;
  readonly warmupSteps: number;
}

const argumentsOf = ({ job, precision, steps, warmupSteps }: TrainingRun) => [
  ...['--job', job, '--precision', precision, '--steps', String(steps), '--warmup-steps', String(warmupSteps)],
];

export const counterweight = (run: TrainingRun, engine: EngineName): Side => ({
  name: `Counterweight ${run.precision}, ${engine}`,
  command: process.execPath,
  args: [at('side-counterweight.ts'), ...argumentsOf(run), '--engine', engine],
  // As the command line has it: without it, 25 MB of resident memory are what reads TypeScript.
  env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
});

export const pytorch = (run: TrainingRun, ...more: string[]): Side => ({
  name: `PyTorch ${run.precision}${more.includes('plain') ? ', plain AdamW' : ''}${more.includes('--compile') ? ', compiled' : ''}`,
  command: ensureVenv(),
  args: [at('python/train.py'), ...argumentsOf(run), ...more],
});

/** The same with every block computed a second time on the way back. */
export const recomputed = (side: Side): Side => ({
  ...side,
  name: `${side.name}, recomputed`,
  args: [...side.args, '--recompute'],
});

/** The same on a base of fewer bits a weight; PyTorch's by bitsandbytes. */
export const quantized = (side: Side, kind: 'int8' | 'int4' | 'nf4'): Side => ({
  ...side,
  name: `${side.name}, ${kind}`,
  args: [...side.args, '--quantize', kind],
});

/** The same with the embedding table in blocks too. */
export const quantizedEmbeddings = (side: Side): Side => ({
  ...side,
  name: `${side.name}, embeddings too`,
  args: [...side.args, '--quantize-embeddings'],
});

/** The same with several examples in a row. */
export const packed = (side: Side, packing: 'examples' | 'shared-prefix'): Side => ({
  ...side,
  name: `${side.name}, ${packing}`,
  args: [...side.args, '--packing', packing],
});

/**
 * Our engines of this run that compute in this precision: TensorFlow's operations do in f32 alone. WebAssembly is named where it is
 * wanted: a model of real size takes it minutes a step, or has no room in it.
 */
export async function enginesOf({ engines }: BenchOptions, precision: Precision): Promise<readonly EngineName[]> {
  const named = engines ?? (await usableEngines()).filter((name) => name !== 'wasm');
  return named.filter((name) => precision === 'f32' || name !== 'tfjs-node');
}

/** The same job on all our engines and all peers, alternating: every engine beside PyTorch, the first beside the others. */
export async function compareEngines(
  run: TrainingRun,
  { rounds, targets, options }: { rounds: number; targets: Targets; options: BenchOptions },
): Promise<Section['comparisons']> {
  const engines = await enginesOf(options, run.precision);
  const ours = engines.map((engine) => counterweight(run, engine));
  const peers = [pytorch(run), ...(options.eagerOnly ? [] : [pytorch(run, '--compile')])];
  const runs = await alternate([...ours, ...peers], rounds);
  const [first, ...others] = runs.slice(0, ours.length) as [Runs, ...Runs[]];
  const [eager, compiled] = runs.slice(ours.length) as [Runs, Runs | undefined];
  const tolerance = LOSS_TOLERANCE[run.precision];
  const beside = (what: string, left: Runs, right: Runs, aims: Targets = {}) => ({
    what: `${run.precision}, ${what}`,
    comparison: compare(left, right, aims, tolerance),
  });
  return [
    beside(engines[0] as string, first, eager, targets),
    ...(compiled ? [beside(`${engines[0]}, torch.compile`, first, compiled)] : []),
    ...others.flatMap((other, i) => {
      const name = engines[i + 1] as string;
      return [beside(name, other, eager), beside(`${engines[0]} beside ${name}`, first, other)];
    }),
  ];
}

/** What the losses of a step may differ by, relatively, from rounding alone. */
export const LOSS_TOLERANCE = { f32: 1e-3, bf16: 2e-2 } as const satisfies Record<Precision, number>;
