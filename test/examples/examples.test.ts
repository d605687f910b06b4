import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at, changeIn, printedBy } from './run-example.ts';

describe('the example', { timeout: 300_000 }, () => {
  it('support learns six kinds of problems, and names those of questions it has not seen', () => {
    const printed = printedBy('support');
    expect(printed).toMatch(/^Customer: .*\nName the problem/);
    expect(changeIn(printed, 'exactMatch')[0]).toBe(0);
    expect(changeIn(printed, 'exactMatch')[1]).toBeGreaterThan(0.8);
    expect(printed).toContain('Has my new card been sent yet? It is not here. → card arrival');
  });

  it('code learns what a function looks like', () => {
    const printed = printedBy('code');
    const [before, after] = changeIn(printed, 'editSimilarity');
    expect(after).toBeGreaterThan(before + 0.2);
    expect(printed).toMatch(/written:\n[\s\S]+right:\nconst /);
  });

  it('retail writes names of the catalogue, beside the baselines', () => {
    const printed = printedBy('retail');
    const [before, after] = changeIn(printed, 'loss on the answers');
    expect(after).toBeLessThan(0.5 * before);
    expect(changeIn(printed, 'unknownNames')[1]).toBe(0);
    expect(printed).toMatch(/ndcgAt5 of popularity: 0\.\d+\n[\s\S]*ndcgAt5 of boughtBefore: 0\.\d+/);
  });

  it('education learns to ask', () => {
    const printed = printedBy('education');
    const [before, after] = changeIn(printed, 'asksLikeReference');
    expect(after).toBeGreaterThan(before);
    expect(printed).toMatch(/tutor, says the model: \S/);
  });

  it('translation learns how long an answer is', () => {
    const printed = printedBy('translation');
    const [before, after] = changeIn(printed, 'lengthDeviation');
    expect(after).toBeLessThan(0.5 * before);
    expect(printed).toMatch(/Wo ist meine Rechnung\? → \S/);
  });

  it('extend-support changes the prompt and measures more, and learns', () => {
    const printed = printedBy('extend-support');
    expect(printed).toMatch(/\(app\) [\s\S]*Name the problem/);
    expect(printed).toMatch(/exactMatch: [\s\S]*macroF1: [\s\S]*words: /);
    const [before, after] = changeIn(printed, 'loss on the answers');
    expect(after).toBeLessThan(0.7 * before);
  });

  it('mix-recipes learns both, and answers each row as its own recipe', () => {
    const printed = printedBy('mix-recipes');
    expect(printed).toMatch(/supportExactMatch: [\s\S]*plainExactMatch: /);
    const [before, after] = changeIn(printed, 'loss on the answers');
    expect(after).toBeLessThan(0.8 * before);
    const [named = '', told = ''] = printed.split('\n> ').slice(1);
    expect(named.trim().length).toBeLessThan(told.trim().length);
  });

  it('from-nothing defines a recipe in 30 lines, and learns what it is shown', () => {
    const source = readFileSync(at('from-nothing'), 'utf8');
    const recipe = source.slice(source.indexOf('const row'), source.indexOf('\n});') + 4);
    expect(recipe.split('\n').length).toBeLessThanOrEqual(30);
    const printed = printedBy('from-nothing');
    const [before, after] = changeIn(printed, 'loss on the answers');
    expect(after).toBeLessThan(0.3 * before);
    expect(printed).toContain("'cold'");
  });
});
