import { alternate } from '../alternate.ts';
import { compare, type Runs } from '../compare.ts';
import type { BenchOptions } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import {
  at,
  counterweight,
  jobFile,
  pytorch,
  quantized,
  quantizedEmbeddings,
  recomputed,
  type Scenario,
  type Section,
} from '../scenario.ts';
import { neededOperations, SHAPES, type Shape } from '../shapes.ts';
import type { Side } from '../side.ts';
import { ensurePackage } from '../venv.ts';

const rank = 16;
const KINDS = ['int8', 'int4'] as const;
/** Rounded weights are other weights: what they give differs by more than rounding, and random ones answer anything. */
const LOSS_TOLERANCE = 0.1;
const ANY_ANSWER = Number.POSITIVE_INFINITY;
const STEP_AIMS = { int8: 0.9, int4: 0.9 };
const BITSANDBYTES = 'bitsandbytes==0.50.2';

/** LoRA on a base in 8 and 4 bits beside bf16, and PEFT with bitsandbytes. */
export const quantizedBase: Scenario = {
  name: 'quantized',
  about:
    'LoRA of rank 16 on a 1.1B Llama whose base has 16, 8 or 4 bits a weight, 1 × 512 tokens, and generation from it',
  standard: false,
  async run(options) {
    const shape = SHAPES['1.1b'];
    const { model, sides, operations } = stepsOf(shape, options.steps ?? 3, options);
    ensurePackage(BITSANDBYTES);
    const theirs = sides.pytorch;
    const kinds = KINDS.map((kind) => quantized(sides.ours, kind));
    const smallest = quantizedEmbeddings(quantized(sides.ours, 'int4'));
    const all = [sides.ours, ...kinds, smallest, theirs, quantized(theirs, 'nf4')];
    const [bf16, int8, int4, tables, peer, nf4] = await alternate(all, options.rounds ?? 2);
    const steps: Section = {
      title: this.about,
      operations,
      comparisons: [
        { what: 'bf16', comparison: compare(bf16 as Runs, peer as Runs, {}, LOSS_TOLERANCE) },
        ...besideBf16(bf16 as Runs, [int8 as Runs, int4 as Runs], STEP_AIMS, LOSS_TOLERANCE),
        {
          what: 'int4, embeddings too, beside bf16',
          comparison: compare(tables as Runs, bf16 as Runs, { speed: STEP_AIMS.int4 }, LOSS_TOLERANCE),
        },
        { what: '4 bits', comparison: compare(int4 as Runs, nf4 as Runs, {}, LOSS_TOLERANCE) },
      ],
    };
    return [steps, await generation(model, shape, options)];
  },
};

/** The size that people have as a file. Its blocks are computed again on the way back. */
export const quantized7b: Scenario = {
  name: 'quantized-7b',
  about:
    'a LoRA step on a 7B Llama in 16, 8 and 4 bits, 1 × 512 tokens, recomputed, and generation (13.5 GB on the disk)',
  standard: false,
  async run(options) {
    const shape = SHAPES['7b'];
    const { model, sides, operations } = stepsOf(shape, options.steps ?? 2, options);
    const ours = recomputed(sides.ours);
    const rounds = options.rounds ?? 1;
    const [bf16, ...others] = await alternate([ours, ...KINDS.map((kind) => quantized(ours, kind))], rounds);
    const comparisons = besideBf16(bf16 as Runs, others, STEP_AIMS, LOSS_TOLERANCE);
    return [{ title: this.about, operations, comparisons }, await generation(model, shape, { ...options, rounds })];
  },
};

/** Runs of each kind beside those in bf16, with the speed that is aimed at. */
const besideBf16 = (
  bf16: Runs,
  others: readonly Runs[],
  aims: Readonly<Record<(typeof KINDS)[number], number>>,
  tolerance: number,
): Section['comparisons'] =>
  KINDS.map((kind, i) => ({
    what: `${kind} beside bf16`,
    comparison: compare(others[i] as Runs, bf16, { speed: aims[kind] }, tolerance),
  }));

/** The same steps in bf16, on our first engine and in PyTorch. */
function stepsOf(shape: Shape, steps: number, { engines }: BenchOptions) {
  const rows = randomRows(shape.vocab_size, { steps, rows: 1, length: 512 });
  const job = { ...randomModel(shape, rank, 'bfloat16'), ...rows };
  const run = { job: jobFile(job), precision: 'bf16', steps, warmupSteps: 1 } as const;
  return {
    model: job.model,
    operations: neededOperations(shape, { method: 'lora', rank, examples: stepOf(job) }),
    sides: { ours: counterweight(run, engines?.[0] ?? 'native'), pytorch: pytorch(run) },
  };
}

/** One row is continued: the weights are read once a token, and nothing else takes long. */
async function generation(model: string, shape: Shape, { engines, rounds = 2 }: BenchOptions): Promise<Section> {
  const { settings, examples } = randomRows(shape.vocab_size, { steps: 1, rows: 1, length: 64 });
  const job = jobFile({ model, settings, examples, batches: [] });
  const engine = engines?.[0] ?? 'native';
  const inBf16: Side = {
    name: `Counterweight bf16, ${engine}`,
    command: process.execPath,
    args: [at('side-generate.ts'), '--job', job, '--precision', 'bf16', '--new-tokens', '32', '--engine', engine],
  };
  const [bf16, ...others] = await alternate([inBf16, ...KINDS.map((kind) => quantized(inBf16, kind))], rounds);
  return {
    title: `greedy continuation of one prompt of 64 tokens by 32 tokens, ${shape.name} Llama in 16, 8 and 4 bits a weight`,
    evidence: 'ids',
    note: 'Random weights rounded answer otherwise: the ids are not compared.',
    comparisons: besideBf16(bf16 as Runs, others, { int8: 1, int4: 1.5 }, ANY_ANSWER),
  };
}
