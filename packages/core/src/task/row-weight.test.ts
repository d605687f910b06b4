import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { plain } from '../recipe/plain.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import { openTask } from './open-task.ts';
import { readTrainingData } from './read-training-data.ts';

const path = temporaryFolder();
const rowsWith = (weights: readonly unknown[]): string => {
  const rows = weights.map((quality, i) => ({ prompt: `Row ${i}.`, completion: ' Yes.', quality }));
  writeFileSync(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path('rows.jsonl');
};
const read = async (data: string, evalSplit?: number, rowWeight = 'quality') => {
  const task = await openTask({ recipe: plain(), model: storiesFolder, training: { rowWeight } });
  return readTrainingData(task, { data, evalSplit });
};

it('is read from a column, and rows of weight 0 are dropped and counted', async () => {
  const { examples, receipt } = await read(rowsWith([1, 0, '2.5', 0.25]));
  expect(takeExamples(examples).map(({ rowWeight }) => rowWeight)).toEqual([1, 2.5, 0.25]);
  expect(receipt).toMatchObject({ rows: 4, kept: 3, dropped: [{ line: 2, reason: 'no-weight' }] });
});

it('is no matter of what is held out', async () => {
  const { examples, heldOut } = await read(rowsWith([2, 3, 4, 5]), 0.5);
  expect(takeExamples(examples).every(({ rowWeight }) => rowWeight > 1)).toBe(true);
  expect(heldOut && takeExamples(heldOut.examples).map(({ rowWeight }) => rowWeight)).toEqual([1, 1]);
});

it('must be there, and a weight', async () => {
  await expect(read(rowsWith([1, -1]))).rejects.toMatchObject({ code: 'row-invalid', where: /row 2, field "quality"/ });
  await expect(read(rowsWith([1]), undefined, 'qality')).rejects.toMatchObject({ fix: 'Did you mean "quality"?' });
});
