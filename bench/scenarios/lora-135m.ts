import { alternate } from '../alternate.ts';
import { compare, type Runs } from '../compare.ts';
import type { BenchOptions, Precision } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import {
  counterweight,
  jobFile,
  LOSS_TOLERANCE,
  pytorch,
  type Scenario,
  type Section,
  type TrainingRun,
} from '../scenario.ts';
import { neededOperations, SHAPES } from '../shapes.ts';

const shape = SHAPES['135m'];
const rank = 16;

export const lora135m: Scenario = {
  name: 'lora-135m',
  about: 'LoRA of rank 16 on every linear layer of a 135M Llama, 4 × 256 tokens, half of them masked',
  standard: true,
  ours: (options) => counterweight(prepare(options).run(options.precision ?? 'f32')),

  async run(options) {
    const { job, run } = prepare(options);
    const precisions: Precision[] = options.precision ? [options.precision] : ['f32', 'bf16'];
    const sides = precisions.flatMap((precision) => [counterweight(run(precision)), pytorch(run(precision))]);
    const runs = await alternate(sides, options.rounds ?? 2);

    const comparisons: Section['comparisons'][number][] = precisions.map((precision, i) => {
      const [ours, theirs] = [runs[2 * i] as Runs, runs[2 * i + 1] as Runs];
      const targets = { ...(precision === 'f32' && { speed: 1.6 }), memory: 0.55 };
      return { what: precision, comparison: compare(ours, theirs, targets, LOSS_TOLERANCE[precision]) };
    });
    if (precisions.length > 1) {
      const best = (name: string) => fastest(runs.filter((side) => side.name.startsWith(name)));
      const comparison = compare(best('Counterweight'), best('PyTorch'), { speed: 1.75 }, LOSS_TOLERANCE.bf16);
      comparisons.push({ what: 'best each', comparison });
    }
    const operations = neededOperations(shape, { method: 'lora', rank, examples: stepOf(job) });
    return [{ title: this.about, comparisons, operations }];
  },
};

function prepare({ steps = 5 }: BenchOptions) {
  const rows = randomRows(shape.vocab_size, { steps, rows: 4, length: 256 });
  const job = { ...randomModel(shape, rank), ...rows };
  const file = jobFile(job);
  const run = (precision: Precision): TrainingRun => ({ job: file, precision, steps, warmupSteps: 1 });
  return { job, run };
}

const fastest = (sides: readonly Runs[]): Runs =>
  sides.reduce((best, side) => (side.tokensPerSecond.median > best.tokensPerSecond.median ? side : best));
