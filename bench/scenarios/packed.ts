import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import { batchesOf } from '../job.ts';
import type { BenchOptions, EngineName } from '../options.ts';
import { lengthOrders } from '../orders.ts';
import { randomModel } from '../random-model.ts';
import {
  at,
  counterweight,
  enginesOf,
  jobFile,
  LOSS_TOLERANCE,
  packed,
  pytorch,
  type Scenario,
  type Section,
  type TrainingRun,
} from '../scenario.ts';
import { SHAPES } from '../shapes.ts';
import { instructedExamples } from '../support-rows.ts';

const tiny = at('../models/stories260k');

export const packedRows: Scenario = {
  name: 'packed',
  about: 'rows of at most 128 tokens with one instruction before all: packed, against the padded Python step',
  standard: true,
  async run(options) {
    return [
      await compareOn('the tiny model, every weight', { model: tiny }, { batchSize: 32, steps: 20, ...options }),
      await compareOn('a 135M Llama, LoRA of rank 16', randomModel(SHAPES['135m']), {
        batchSize: 16,
        steps: 3,
        ...options,
      }),
    ];
  },
};

/** Rows in a plain loop's order, as the Python side would see them; both sides count the same examples. */
async function compareOn(
  what: string,
  model: { model: string; adapter?: string },
  { batchSize, rounds = 2, steps, ...options }: BenchOptions & { batchSize: number; steps: number },
): Promise<Section> {
  const [engine] = (await enginesOf(options, 'f32')) as [EngineName];
  const examples = await instructedExamples(tiny, 128);
  const [plain] = lengthOrders(examples, batchSize);
  const batches = batchesOf([plain?.order ?? []], batchSize).slice(0, steps);
  const settings = { learningRate: 2e-4, weightDecay: 0.01, maxGradientNorm: 1, scheduleSteps: 100 };
  const job = jobFile({ ...model, settings, examples, batches });
  const run: TrainingRun = { job, precision: 'f32', steps, warmupSteps: steps > 3 ? 3 : 1 };
  const ours = counterweight(run, engine);
  const sides = [ours, packed(ours, 'examples'), packed(ours, 'shared-prefix'), pytorch(run)] as const;
  const [padded, together, shared, theirs] = await alternate(sides, rounds);
  const comparisons = [
    { what: 'padded', comparison: compare(padded, theirs, {}, LOSS_TOLERANCE.f32) },
    { what: 'packed', comparison: compare(together, theirs, {}, LOSS_TOLERANCE.f32) },
    { what: 'packed, one prefix', comparison: compare(shared, theirs, { speed: 3 }, LOSS_TOLERANCE.f32) },
  ];
  const note =
    `${batchSize} examples a step, the same on both sides, so that tokens and examples per second have one ratio. ` +
    `Examples per second, medians: ${[padded, together, shared, theirs].map(rateOf).join(', ')}.`;
  return { title: `Rows with one instruction, ${what}`, comparisons, note };
}

const rateOf = ({ name, examplesPerSecond }: { name: string; examplesPerSecond: { median: number } }) =>
  `${name} ${examplesPerSecond.median.toPrecision(3)}`;
