import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import { batchesOf } from '../job.ts';
import type { BenchOptions, EngineName } from '../options.ts';
import { lengthOrders } from '../orders.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import {
  at,
  compareEngines,
  counterweight,
  enginesOf,
  jobFile,
  LOSS_TOLERANCE,
  pytorch,
  type Scenario,
  type Section,
  type TrainingRun,
} from '../scenario.ts';
import { neededOperations, SHAPES } from '../shapes.ts';
import { supportExamples } from '../support-rows.ts';

const model = at('../models/stories260k');
const batchSize = 32;

export const quickstart: Scenario = {
  name: 'quickstart',
  about: 'full fine-tuning of models/stories260k: 32 × 80 tokens, and the real rows of the quickstart',
  standard: true,
  ours: (options) => counterweight(equalRows(options).run, options.engines?.[0] ?? 'native'),
  async run(options) {
    return [await compareEqualRows(options), ...(await compareRealRows(options))];
  },
};

function equalRows({ steps = 30 }: BenchOptions) {
  const rows = randomRows(SHAPES.stories260k.vocab_size, { steps, rows: batchSize, length: 80 });
  const run: TrainingRun = { job: jobFile({ model, ...rows }), precision: 'f32', steps, warmupSteps: warmup(steps) };
  return { rows, run };
}

async function compareEqualRows(options: BenchOptions): Promise<Section> {
  const { rows, run } = equalRows(options);
  return {
    title: 'Full fine-tuning of the tiny model, 32 × 80 tokens',
    operations: neededOperations(SHAPES.stories260k, { method: 'full', rank: 0, examples: stepOf(rows) }),
    comparisons: await compareEngines(run, {
      rounds: options.rounds ?? 3,
      targets: { speed: 1.8, memory: 0.5 },
      options,
    }),
  };
}

/** In a plain loop's order half of a batch is padding; ours puts examples of similar length side by side. */
async function compareRealRows(options: BenchOptions): Promise<Section[]> {
  const { rounds = 2, steps = 50 } = options;
  const [engine] = await enginesOf(options, 'f32');
  const examples = await supportExamples(model);
  const sections: Section[] = [];
  for (const { title, order } of lengthOrders(examples, batchSize)) {
    const batches = batchesOf([order], batchSize);
    const settings = { learningRate: 3e-3, weightDecay: 0.01, maxGradientNorm: 1, scheduleSteps: 5 * batches.length };
    const job = jobFile({ model, settings, examples, batches });
    const run: TrainingRun = { job, precision: 'f32', steps, warmupSteps: warmup(steps) };
    const sides = [
      counterweight(run, engine as EngineName),
      pytorch(run),
      pytorch(run, '--optimizer', 'plain'),
    ] as const;
    const [ours, fused, plain] = await alternate(sides, rounds);
    const comparisons = [
      { what: "PyTorch's fused AdamW", comparison: compare(ours, fused, { speed: 1.2 }, LOSS_TOLERANCE.f32) },
      { what: "PyTorch's plain AdamW", comparison: compare(ours, plain, { speed: 1.2 }, LOSS_TOLERANCE.f32) },
    ];
    sections.push({ title: `The quickstart's rows, ${title}`, comparisons });
  }
  return sections;
}

const warmup = (steps: number) => Math.min(3, steps - 1);
