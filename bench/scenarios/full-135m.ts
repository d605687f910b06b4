import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import type { BenchOptions } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import {
  counterweight,
  jobFile,
  LOSS_TOLERANCE,
  pytorch,
  recomputed,
  type Scenario,
  type TrainingRun,
} from '../scenario.ts';
import { neededOperations, SHAPES } from '../shapes.ts';

const shape = SHAPES['135m'];

export const full135m: Scenario = {
  name: 'full-135m',
  about: 'every weight of a 135M Llama in f32, 4 × 256 tokens, half of them masked',
  standard: true,
  ours: (options) => counterweight(prepare(options).run),
  async run(options) {
    const { rows, run } = prepare(options);
    const ours = counterweight(run);
    const sides = [ours, recomputed(ours), pytorch(run)] as const;
    const [kept, again, theirs] = await alternate(sides, options.rounds ?? 2);
    const targets = { speed: 1.3, memory: 0.8 };
    const comparisons = [
      { what: 'f32', comparison: compare(kept, theirs, targets, LOSS_TOLERANCE.f32) },
      { what: 'f32, recomputed', comparison: compare(again, theirs, targets, LOSS_TOLERANCE.f32) },
    ];
    const operations = neededOperations(shape, { method: 'full', rank: 0, examples: stepOf(rows) });
    return [{ title: this.about, comparisons, operations }];
  },
};

function prepare({ steps = 4 }: BenchOptions) {
  const rows = randomRows(shape.vocab_size, { steps, rows: 4, length: 256 });
  const run: TrainingRun = {
    job: jobFile({ model: randomModel(shape).model, ...rows }),
    precision: 'f32',
    steps,
    warmupSteps: 1,
  };
  return { rows, run };
}
