import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import type { BenchOptions, EngineName } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import {
  compareEngines,
  counterweight,
  enginesOf,
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
  ours: (options) => counterweight(prepare(options).run, options.engines?.[0] ?? 'native'),
  async run(options) {
    const { rows, run } = prepare(options);
    const rounds = options.rounds ?? 2;
    const targets = { speed: 1.3, memory: 0.75 };
    const comparisons = await compareEngines(run, { rounds, targets, options });
    const operations = neededOperations(shape, { method: 'full', rank: 0, examples: stepOf(rows) });
    const [engine] = await enginesOf(options, 'f32');
    const sides = [recomputed(counterweight(run, engine as EngineName)), pytorch(run)] as const;
    const [again, theirs] = await alternate(sides, rounds);
    const recomputing = { what: 'f32, recomputed', comparison: compare(again, theirs, targets, LOSS_TOLERANCE.f32) };
    return [{ title: this.about, comparisons: [...comparisons, recomputing], operations }];
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
