import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { requestsFor } from '../evaluation/predict.ts';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { tokenizePrompt } from '../tokenization/tokenize-example.ts';
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
    const { examples, heldOut, receipt } = await readTrainingData(task, { data, evalSplit: 0.25 });
    expect(receipt).toMatchObject({ rows: 30, kept: 20 });
    expect([examples.length, heldOut?.examples.length]).toEqual([15, 5]);
    expect(examples.lengths).toEqual(takeExamples(examples).map(({ ids }) => ids.length));
    const texts = takeExamples(heldOut?.examples ?? examples).map(({ ids }) => task.tokenizer.decode([...ids]));
    expect(texts).toEqual(heldOut?.rows.map(({ prompt, completion }) => `${prompt}${completion}`));
    const trained = takeExamples(examples).map(({ ids }) => task.tokenizer.decode([...ids]));
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

  it('holds the same rows out whatever the seed of the training', async () => {
    const heldOutWith = async (training: object) => {
      const task = await openTask({ recipe: plain(), model: storiesFolder, training: { maxLength: 40, ...training } });
      return (await readTrainingData(task, { data, evalSplit: 0.25 })).heldOut?.rows;
    };
    const rows = await heldOutWith({});
    expect(await heldOutWith({ seed: 7 })).toEqual(rows);
    expect(await heldOutWith({ splitSeed: 7 })).not.toEqual(rows);
  });

  it('holds rows out by a column of theirs', async () => {
    const dated = file(
      'dated.jsonl',
      Array.from({ length: 12 }, (_, i) => ({
        prompt: words(i),
        completion: ' Yes.',
        customer: { id: i % 4 },
        at: `2026-01-${String(31 - i).padStart(2, '0')}`,
      })),
    );
    const numbersWith = async (training: object) => {
      const task = await openTask({ recipe: plain(), model: storiesFolder, training });
      const { heldOut } = await readTrainingData(task, { data: dated, evalSplit: 0.25 });
      return heldOut?.rows.map((row) => Number(/\d+/.exec(String((row as { prompt: string }).prompt))));
    };
    expect(new Set((await numbersWith({ splitBy: 'customer' }))?.map((i) => i % 4)).size).toBe(1);
    expect(await numbersWith({ splitByTime: 'at' })).toEqual([0, 1, 2]);
    for (const splitBy of ['group', 'customer']) {
      const numbers = await numbersWith({ splitBy, map: { group: 'customer' } });
      expect(numbers).toEqual(await numbersWith({ splitBy: 'customer' }));
    }
    await expect(numbersWith({ splitBy: 'custmer' })).rejects.toMatchObject({
      code: 'row-invalid',
      where: `${dated}, row 1, field "custmer"`,
      fix: expect.stringContaining('Did you mean "customer"?'),
    });
    await expect(numbersWith({ splitByTime: 'prompt' })).rejects.toThrow(/"Row number 0." is no time/);
    await expect(numbersWith({ splitBy: 'customer', splitByTime: 'at' })).rejects.toThrow(/not by both/);
  });

  it('reads the first rows only, where no more are asked for', async () => {
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, `${JSON.stringify(rows[1])}\n${JSON.stringify(rows[2])}\n{\n`);
    const task = await openTask({ recipe: plain(), model: storiesFolder, training: { maxRows: 2 } });
    expect((await readTrainingData(task, { data: broken })).receipt).toMatchObject({ rows: 2, kept: 2 });
  });

  it('knows how much of an epoch is of which source', async () => {
    const [one, two] = [file('one.jsonl', [rows[1], rows[2]]), file('two.jsonl', [rows[4]])];
    const withProportions = async (dataProportions: number[], sources = [one, two]) => {
      const task = await openTask({ recipe: plain(), model: storiesFolder, training: { dataProportions } });
      return (await readTrainingData(task, { data: sources })).proportions;
    };
    expect(await withProportions([0.25, 0.75])).toEqual({ groups: ['0', '0', '1'], shares: { 0: 0.25, 1: 0.75 } });
    await expect(withProportions([0.5, 0.6])).rejects.toMatchObject({ code: 'option-invalid', problem: /add up to 1/ });
    await expect(withProportions([0.5, 0.5], [one])).rejects.toThrow(/2 proportions for 1 source/);
    const recipe = mixRecipes([plain()], { proportions: { plain: 1 } });
    const mixture = await openTask({ recipe, model: storiesFolder, training: { dataProportions: [1] } });
    await expect(readTrainingData(mixture, { data: one })).rejects.toThrow(/proportions of its own/);
  });
});

it('evaluates on the prompts that training shows and generation builds, whatever the answers', async () => {
  const task = await open();
  const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i % 10}`).join(' ');
  const long = [1, 5, 9].map((count) => ({ prompt: `${words(40)} end`, completion: words(count) }));
  const evalData = file('long.jsonl', long);
  const { examples, heldOut } = await readTrainingData(task, { data: evalData, evalData });
  if (!heldOut) throw new Error('nothing held out');
  const recipe = plain();
  const { defaults, layout } = recipe;
  const room = { maxLength: 40, maxNewTokens: defaults.maxNewTokens, newTokens: 1, where: 'here' };
  const generated = tokenizePrompt(recipe.render(recipe.parseRow({ prompt: long[0]?.prompt })), {
    ...room,
    layout,
    tokenizer: task.tokenizer,
  });
  expect(generated.ids).toHaveLength(20);
  expect(generated.cutTokens).toBeGreaterThan(0);
  for (const { promptIds } of requestsFor(heldOut, { recipe, tokenizer: task.tokenizer })) {
    expect(promptIds).toEqual(generated.ids);
  }
  for (const { ids, promptLength } of takeExamples(examples)) {
    expect([...ids.subarray(0, promptLength)]).toEqual(generated.ids);
  }
});
