import { describe, expect, it } from 'vitest';
import { support } from '../support.ts';

describe('metrics of a summary', () => {
  const recipe = support({ task: 'summary', maxWords: 10 });
  const row = recipe.parseRow({
    dialogue: 'Customer: I am Crystal Minh, I paid $50 twice\nAgent: We return one payment.',
    summary: 'Crystal Minh paid $50 twice and gets one payment back.',
  });
  const measure = async (text: string, of = row) =>
    Object.fromEntries(
      await Promise.all(recipe.metrics.map(async (one) => [one.name, await one.compute([{ row: of, text }])] as const)),
    );

  it('say that the reference is right', async () => {
    expect(await measure(row.summary as string)).toMatchObject({
      rouge1: 1,
      rouge2: 1,
      rougeL: 1,
      rougeLsum: 1,
      lengthCompliance: 1,
      faithfulNumbers: 1,
      faithfulNames: 1,
      compression: 1.4,
    });
  });

  it('say what is wrong with another one', async () => {
    const wrong = await measure('A Mr Smith paid $60 and complains about it, and the agent returns it');
    expect(wrong).toMatchObject({ lengthCompliance: 0, faithfulNumbers: 0, faithfulNames: 0 });
    expect(wrong.rouge1).toBeLessThan(0.5);
  });

  it('leave ROUGE out where a row has no reference', async () => {
    const { rouge1, coverage } = await measure('paid $50', recipe.parseRow({ message: 'I paid $50' }));
    expect([rouge1, coverage]).toEqual([Number.NaN, 1]);
  });
});
