import { expect, it } from 'vitest';
import { meanOf } from '../recipe/metric.ts';
import { plain } from '../recipe/plain.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { TrainingData } from '../task/read-training-data.ts';
import { measureBaseline } from './measure-baseline.ts';

type Row = ReturnType<ReturnType<typeof plain>['parseRow']>;
const row = (completion: string) => plain().parseRow({ prompt: 'a', completion });
const equal = meanOf<Row>({
  ...{ name: 'equal', direction: 'higher-is-better', definition: 'share of outputs that equal the answer' },
  score: ({ completion }, text) => Number(text === completion),
});
const recipe: Recipe<Row> = {
  ...plain(),
  metrics: [equal],
  baseline: { name: 'the last answer', answer: (rows, training) => rows.map(() => training.at(-1)?.completion ?? '') },
};
const examples = { length: 2, lengths: [1, 1], at: () => undefined };
const data: Pick<TrainingData<Row>, 'heldOut' | 'examples' | 'rowsOf'> = {
  examples,
  heldOut: { rows: [row('x'), row('y'), row('y'), row('z')], examples: { ...examples, lengths: [1, 1, 1, 1] } },
  rowsOf: async (chosen) => chosen.map((i) => row(['x', 'y'][i] as string)),
};
const training = { maxEvalRows: undefined, evaluateLossesOnly: false, splitSeed: 0 };
const task = { recipe, training } as unknown as Parameters<typeof measureBaseline<Row>>[0];

it('learns from rows that are trained on, and is measured on those that are held out', async () => {
  expect(await measureBaseline(task, data)).toEqual({ name: 'the last answer', metrics: { equal: 0.5 } });
});

it('is none without held-out rows, and where nothing is generated to be measured', async () => {
  expect(await measureBaseline(task, { ...data, heldOut: undefined })).toBeUndefined();
  const losses = { ...task, training: { ...training, evaluateLossesOnly: true } };
  expect(await measureBaseline(losses, data)).toBeUndefined();
});
