import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import type { Metric, Prediction } from '../recipe/recipe.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { checkSamples, measureMetrics, predict, type Samples } from './measure-metrics.ts';

interface Row {
  readonly id: number;
}

const metric = (name: string, compute: Metric<Row>['compute']): Metric<Row> => ({
  name,
  direction: 'higher-is-better',
  definition: 'for a test',
  compute,
});
const predictions: Prediction<Row>[] = [{ row: { id: 1 }, text: 'a' }];

describe('measureMetrics', () => {
  it('waits for each metric, and leaves out those that found nothing to measure', async () => {
    const later = metric('later', async (all) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return all.length;
    });
    const metrics = [later, metric('none', () => Number.NaN), metric('two', () => 2)];
    expect(await measureMetrics(metrics, predictions)).toEqual({ later: 1, two: 2 });
    expect(await measureMetrics(metrics, [])).toEqual({});
  });

  it('tells how far a metric is, by its name', async () => {
    const told: unknown[] = [];
    const slow = metric('slow', (_, onProgress) => {
      onProgress?.(3, 7);
      return 0;
    });
    await measureMetrics([slow], predictions, (...progress) => told.push(progress));
    expect(told).toEqual([['slow', 3, 7]]);
  });
});

describe('predict', () => {
  const tokenizer = {
    ...tinyTokenizer(),
    vocabularySize: tinyConfig.vocabularySize,
    decode: (ids: readonly number[]) => ids.join(' '),
  };
  const rows: PlainRow[] = [{ prompt: 'one' }, { prompt: 'two' }];
  const examples = [
    [1, 9],
    [1, 7, 8],
  ].map((ids) => ({
    ids,
    weights: ids.map(() => 0),
    classes: ids.map(() => 'user' as const),
    promptLength: ids.length,
    cutTokens: 0,
  }));
  const recipe = extendRecipe(plain(), { defaults: { maxNewTokens: 6 } });
  const predicted = async (sampling: Samples) => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const made = await predict(decoder, { rows, examples }, { recipe, tokenizer, sampling });
    decoder.parameters.dispose();
    return made;
  };

  it('puts the samples of a row one after the other, with the very same row, decided by the seed', async () => {
    const sampling = { samples: 3, temperature: 2, seed: 5 };
    const made = await predicted(sampling);
    expect(made.map(({ row }) => rows.indexOf(row))).toEqual([0, 0, 0, 1, 1, 1]);
    expect(new Set(made.map(({ text }) => text)).size).toBeGreaterThan(3);
    expect(await predicted(sampling)).toEqual(made);
    expect(await predicted({ ...sampling, seed: 6 })).not.toEqual(made);
  });

  it('generates as many tokens as the recipe says, or as it is told', async () => {
    const longest = (made: Prediction<unknown>[]) => Math.max(...made.map(({ text }) => text.split(' ').length));
    expect(longest(await predicted({}))).toBeLessThanOrEqual(6);
    expect(longest(await predicted({ maxNewTokens: 2 }))).toBeLessThanOrEqual(2);
  });

  it('lets every row of a mixture be answered as its own recipe wants it', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const texts = ['!', '"'];
    const choice = extendRecipe(plain(), { name: 'choice', answers: { texts } });
    const mixture = mixRecipes([recipe, choice]);
    const mixed = rows.map((row, i) => ({ recipe: ['plain', 'choice'][i] as string, row }));
    const bytes = { ...tinyTokenizer(), vocabularySize: tinyConfig.vocabularySize };
    const made = await predict(decoder, { rows: mixed, examples }, { recipe: mixture, tokenizer: bytes });
    decoder.parameters.dispose();
    expect(texts).toContain(made[1]?.text);
    const short = extendRecipe(plain(), {
      name: 'choice',
      answers: { texts: ['long'] },
      defaults: { maxNewTokens: 3 },
    });
    await expect(predict(decoder, { rows, examples }, { recipe: short, tokenizer: bytes })).rejects.toThrow(
      /None of the answers that "choice" may give/,
    );
  });
});

it.each([[{ samples: 0 }], [{ samples: 1.5 }], [{ samples: 2 }], [{ samples: 2, temperature: 0 }]])(
  'refuses %j',
  (sampling) => {
    expect(() => checkSamples(sampling)).toThrow(/sample/);
    expect(() => checkSamples({ samples: 2, temperature: 0.5 })).not.toThrow();
  },
);
