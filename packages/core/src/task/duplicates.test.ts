import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { plain } from '../recipe/plain.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { openTask } from './open-task.ts';
import { type DataOptions, readTrainingData } from './read-training-data.ts';

const path = temporaryFolder();
const long = (name: string, end = 'home') =>
  `One day ${name} went out to play in the park with a big red ball and a little dog, and ${name} ran and ran and ran until the sun went down, and then they all went ${end}`;
const row = (id: number, completion: string) => ({ id, prompt: 'Tell me a story.', completion });

/** Rows: 0 and 2 the same but for their number, 3 nearly the same as 0, 1 and 4 like no other. */
const rows = [
  row(0, long('Tim')),
  row(1, 'No.'),
  row(2, long('Tim')),
  row(3, long('Tim', 'away')),
  row(4, long('Ann')),
];
const file = (name: string, values: readonly unknown[]): string => {
  writeFileSync(path(name), values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  return path(name);
};

async function read(training: TrainingOptionsInput, more: Partial<DataOptions> = {}) {
  const task = await openTask({ recipe: plain(), model: storiesFolder, training });
  const data = await readTrainingData(task, { data: file('rows.jsonl', rows), ...more });
  const texts = takeExamples(data.examples).map(({ ids }) => task.tokenizer.decode([...ids]));
  const numbers = texts.map((text) => rows.findIndex(({ completion }) => text.includes(completion)));
  return { ...data, numbers, duplicates: data.receipt.duplicates };
}

it('counts the same rows by default, also those that are nearly so, and trains on all', async () => {
  const { numbers, duplicates, receipt } = await read({});
  expect(duplicates).toEqual({ exact: 1, near: 1, inEvaluation: { exact: 0, near: 0, dropped: 0 } });
  expect(numbers).toEqual([0, 1, 0, 3, 4]);
  expect(receipt).toMatchObject({ rows: 5, kept: 5, dropped: [] });
});

it('counts nearly the same ones of many rows where it is asked to', async () => {
  const many = [...rows, ...Array.from({ length: 20_000 }, (_, i) => ({ prompt: 'a', completion: `${i}` }))];
  const data = file('many.jsonl', many);
  const counted = await read({ maxLength: 2, longAnswers: 'cut' }, { data });
  expect(counted.duplicates).toEqual({ exact: 1, inEvaluation: { exact: 0, dropped: 0 } });
  const asked = await read({ maxLength: 2, longAnswers: 'cut', duplicates: 'count-near' }, { data });
  expect(asked.duplicates).toEqual({ exact: 1, near: 1, inEvaluation: { exact: 0, near: 0, dropped: 0 } });
});

it('drops all but the first', async () => {
  const exact = await read({ duplicates: 'drop' });
  expect(exact.numbers).toEqual([0, 1, 3, 4]);
  expect(exact.receipt).toMatchObject({ rows: 5, kept: 4, dropped: [{ line: 3, reason: 'duplicate' }] });
  const near = await read({ duplicates: 'drop-near' });
  expect(near.numbers).toEqual([0, 1, 4]);
  expect(near.receipt.dropped.map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'duplicate'],
    [4, 'near-duplicate'],
  ]);
});

it('counts rows that are evaluated on too, and drops them where it is told to', async () => {
  const evalData = file('eval.jsonl', [row(9, long('Tim'))]);
  expect((await read({}, { evalData })).duplicates?.inEvaluation).toEqual({ exact: 2, near: 1, dropped: 0 });
  const dropped = await read({ leakage: 'drop' }, { evalData });
  expect(dropped.numbers).toEqual([1, 3, 4]);
  expect(dropped.duplicates?.inEvaluation).toEqual({ exact: 2, near: 1, dropped: 2 });
  const near = await read({ leakage: 'drop-near' }, { evalData });
  expect(near.numbers).toEqual([1, 4]);
  expect(near.duplicates?.inEvaluation).toEqual({ exact: 2, near: 1, dropped: 3 });
});

it('knows a file that is given to train and to evaluate on', async () => {
  const evalData = file('both.jsonl', rows);
  expect((await read({}, { evalData })).duplicates?.inEvaluation.exact).toBe(5);
  await expect(read({ leakage: 'drop' }, { evalData })).rejects.toThrow(/5 of them are rows to evaluate on too/);
});

it('holds out nothing that is trained on, of a split too', async () => {
  const twice = file('twice.jsonl', [...rows, ...rows]);
  const split = { data: twice, evalSplit: 0.3 };
  const counted = await read({}, split);
  expect(counted.examples).toHaveLength(7);
  expect(counted.duplicates?.inEvaluation.exact).toBeGreaterThan(0);
  const apart = await read({ leakage: 'drop-near' }, split);
  const completions = apart.heldOut?.rows.map((held) => (held as { completion: string }).completion);
  expect(completions).toHaveLength(3);
  const held = rows.flatMap(({ completion }, i) => (completions?.includes(completion) ? [i] : []));
  expect(apart.numbers.filter((i) => held.includes(i))).toEqual([]);
  expect(apart.duplicates?.inEvaluation.dropped).toBe(7 - apart.examples.length);
});
