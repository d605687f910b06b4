import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import { openTask, type Task } from './open-task.ts';
import { readTrainingData } from './read-training-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterweight-data-'));
const words = (i: number) => `Row number ${i}.`;
/** Every third row is too long for the length that the tests allow. */
const rows = Array.from({ length: 30 }, (_, i) =>
  i % 3 === 0
    ? {
        messages: [
          { role: 'system', content: 'long '.repeat(60) },
          { role: 'assistant', content: words(i) },
        ],
      }
    : { prompt: words(i), completion: ' Yes.' },
);
const file = (name: string, values: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, values.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
};
const data = file('rows.jsonl', rows);
const open = (): Promise<Task<PlainRow>> =>
  openTask({ recipe: plain(), model: storiesFolder, training: { maxLength: 40 } });

describe('readTrainingData', () => {
  it('holds a share out, with the rows that its examples come from, whatever was dropped between', async () => {
    const task = await open();
    const { examples, lengths, heldOut, receipt } = await readTrainingData(task, { data, evalSplit: 0.25 });
    expect(receipt).toMatchObject({ rows: 30, kept: 20 });
    expect([examples.length, heldOut?.examples.length]).toEqual([15, 5]);
    expect(lengths).toEqual(takeExamples(examples).map(({ ids }) => ids.length));
    const texts = takeExamples(heldOut?.examples ?? examples).map(({ ids }) => task.tokenizer.decode(ids));
    expect(texts).toEqual(heldOut?.rows.map(({ prompt, completion }) => `${prompt}${completion}`));
    const trained = takeExamples(examples).map(({ ids }) => task.tokenizer.decode(ids));
    expect(trained.filter((text) => texts.includes(text))).toEqual([]);
  });

  it('takes rows to evaluate on from files of their own', async () => {
    const evalData = file('eval.jsonl', rows.slice(1, 3));
    const { examples, heldOut } = await readTrainingData(await open(), { data, evalData });
    expect([examples.length, heldOut?.examples.length]).toEqual([20, 2]);
    expect(heldOut?.rows).toEqual(rows.slice(1, 3).map((row) => expect.objectContaining(row)));
  });

  it('knows which recipe of a mixture each example belongs to', async () => {
    const mixed = file(
      'mixed.jsonl',
      [1, 2, 4, 5].map((i) => ({ recipe: 'plain', ...rows[i] })),
    );
    const recipe = mixRecipes([plain()], { proportions: { plain: 1 } });
    const task = await openTask({ recipe, model: storiesFolder });
    const { proportions } = await readTrainingData(task, { data: mixed, evalSplit: 0.25 });
    expect(proportions).toEqual({ groups: ['plain', 'plain', 'plain'], shares: { plain: 1 } });
  });
});
