import { describe, expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { preview } from '../preview.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { plain } from '../recipe/plain.ts';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import { openTask } from './open-task.ts';
import { readTrainingData } from './read-training-data.ts';

const INSTRUCTION = ' Say yes or no.';
const phrasings = { question: ' Yes or no?', answer: ' Answer with yes or no.', heldOut: ' Is it so?' };
const recipe = extendRecipe(plain(), {
  name: 'yes-or-no',
  render: (row, base) => {
    const { prompt, ...rest } = base.render(row);
    return { ...rest, prompt: [...prompt, { role: 'user', text: INSTRUCTION, phrasings }] };
  },
});
const rows = Array.from({ length: 60 }, (_, i) => ({
  prompt: `Number ${i} is even.`,
  completion: i % 2 ? ' no' : ' yes',
}));

async function read(
  training: object,
  { evalSplit, data = rows, of = recipe }: { evalSplit?: number; data?: unknown[]; of?: typeof recipe } = {},
) {
  const task = await openTask({ recipe: of as typeof recipe, model: storiesFolder, training });
  const { examples, heldOut, receipt } = await readTrainingData(task, { data, evalSplit });
  const textsOf = (all: typeof examples) => takeExamples(all).map(({ ids }) => task.tokenizer.decode([...ids]));
  return { trained: textsOf(examples), evaluated: heldOut && textsOf(heldOut.examples), heldOut, receipt };
}
const phrasingIn = (text: string) =>
  Object.entries({ default: INSTRUCTION, ...phrasings }).find(([, words]) => text.includes(words))?.[0];
function countsOf(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) {
    const name = phrasingIn(text) ?? 'none';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('with all phrasings', () => {
  it('rows are trained on in any but the held-out one, and the receipt counts them', async () => {
    const { trained, receipt } = await read({ phrasings: 'all' });
    const counts = countsOf(trained);
    expect(Object.keys(counts).sort()).toEqual(['answer', 'default', 'question']);
    const told = Object.entries(counts).map(([name, count]) => [`rows in the phrasing "${name}"`, count]);
    expect(receipt.tallies).toMatchObject(Object.fromEntries(told));
  });

  it('they are the same for every seed of a run, and others for another split', async () => {
    const { trained } = await read({ phrasings: 'all' });
    expect((await read({ phrasings: 'all', seed: 7, cache: false })).trained).toEqual(trained);
    expect((await read({ phrasings: 'all', splitSeed: 7 })).trained).not.toEqual(trained);
  });

  it('what is held out is asked in the default words, and is the same rows', async () => {
    const usual = await read({}, { evalSplit: 0.3 });
    const all = await read({ phrasings: 'all' }, { evalSplit: 0.3 });
    expect(all.evaluated).toEqual(usual.evaluated);
    expect(all.heldOut?.rows).toEqual(usual.heldOut?.rows);
    expect(countsOf(usual.trained)).toEqual({ default: 42 });
    expect(Object.keys(countsOf(all.trained)).sort()).toEqual(['answer', 'default', 'question']);
    // The same rows in other words.
    const numbersOf = (texts: readonly string[]) => texts.map((text) => /\d+/.exec(text)?.[0]);
    expect(numbersOf(all.trained)).toEqual(numbersOf(usual.trained));
  });

  it('the preview shows what is trained on', async () => {
    const training = { phrasings: 'all' } as const;
    const { examples } = await preview({ recipe, model: storiesFolder, data: rows, training, rows: 60 });
    expect(examples.map(({ text }) => text)).toEqual((await read(training)).trained);
  });

  it('a recipe with one phrasing says so, unless it is one of a mixture', async () => {
    const training = { phrasings: 'all' };
    await expect(read(training, { of: plain() as typeof recipe })).rejects.toMatchObject({ where: 'option phrasings' });
    const of = mixRecipes([plain(), recipe]) as unknown as typeof recipe;
    const data = rows.map((row, i) => ({ recipe: i < 30 ? 'plain' : 'yes-or-no', ...row }));
    const counts = countsOf((await read(training, { of, data })).trained);
    expect(Object.keys(counts).sort()).toEqual(['answer', 'default', 'none', 'question']);
    expect(counts.none).toBe(30);
  });
});

it('the default words are what they are without any others', async () => {
  const bare = extendRecipe(recipe, {
    render: (row, base) => {
      const { prompt, ...rest } = base.render(row);
      return { ...rest, prompt: prompt.map(({ phrasings: _, freedom: __, ...segment }) => segment) };
    },
  });
  expect((await read({}, { of: bare })).trained).toEqual((await read({})).trained);
});
