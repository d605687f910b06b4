import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phrasingsOf, withoutFreedom } from '../recipe/freedom.ts';
import type { RenderedExample } from '../recipe/recipe.ts';
import { drawPhrasings, type PhrasingDraw } from './draw-phrasings.ts';

const rendered: RenderedExample = {
  prompt: [
    { role: 'user', text: 'My card?', freedom: { typing: true } },
    { role: 'user', text: '\nName it.', phrasings: { question: '\nWhat?', order: '\nSay it.', heldOut: '\nTell me.' } },
    { role: 'user', text: '\nNow.', phrasings: { order: '\nAt once.', heldOut: '\nSoon.' } },
  ],
  completion: [{ role: 'assistant', text: 'card' }],
};
const textOf = ({ prompt }: RenderedExample) => prompt.map(({ text }) => text).join('');
const drawer = (splitSeed = 0) => drawPhrasings({ phrasings: 'all', splitSeed }) as PhrasingDraw;

describe('the phrasings of rows to train on', () => {
  it('are not drawn by default', () => expect(drawPhrasings({ phrasings: 'default', splitSeed: 0 })).toBeUndefined());

  it('are all but the one that is held out, about equally often, in all segments of a row', () => {
    const counts: Record<string, number> = {};
    const draw = drawer();
    for (let row = 0; row < 3000; row++) {
      const { rendered: words, phrasing = '' } = draw.phrase(rendered, row);
      counts[`${phrasing} ${textOf(words)}`] = (counts[`${phrasing} ${textOf(words)}`] ?? 0) + 1;
      expect(words.completion).toBe(rendered.completion);
    }
    expect(Object.keys(counts).sort()).toEqual([
      'default My card?\nName it.\nNow.',
      'order My card?\nSay it.\nAt once.',
      'question My card?\nWhat?\nNow.',
    ]);
    // 4 standard errors of a third of 3,000.
    for (const count of Object.values(counts)) expect(Math.abs(count - 1000)).toBeLessThan(104);
  });

  it('hang on the seed of the split and the number of the row, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat({ max: 1e6 }), { minLength: 1, maxLength: 20 }), (seed, numbers) => {
        const [one, other] = [drawer(seed), drawer(seed)];
        const phrasings = numbers.map((number) => one.phrase(rendered, number).phrasing);
        const backwards = numbers.toReversed().map((number) => other.phrase(rendered, number).phrasing);
        expect(backwards.toReversed()).toEqual(phrasings);
        expect(phrasings).not.toContain('heldOut');
      }),
    );
    const drawn = (seed: number) => Array.from({ length: 50 }, (_, row) => drawer(seed).phrase(rendered, row).phrasing);
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it('are asked for in vain of a recipe that has one', () => {
    const one = { ...rendered, prompt: rendered.prompt.slice(0, 1) };
    const draw = drawer();
    expect(draw.phrase(one, 0)).toEqual({ rendered: one, phrasing: undefined });
    const heldOutOnly = { ...rendered, prompt: [{ role: 'user' as const, text: 'a', phrasings: { heldOut: 'b' } }] };
    expect(draw.phrase(heldOutOnly, 1)).toEqual({ rendered: heldOutOnly, phrasing: undefined });
    expect(() => draw.end()).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    draw.phrase(rendered, 1);
    expect(() => draw.end()).not.toThrow();
    expect(() => drawer().end()).not.toThrow();
  });
});

it('a row has its words, and nothing beside them, where they become tokens', () => {
  expect(phrasingsOf(rendered)).toEqual(['default', 'question', 'order', 'heldOut']);
  expect(withoutFreedom(rendered)).toEqual({
    prompt: [
      { role: 'user', text: 'My card?' },
      { role: 'user', text: '\nName it.' },
      { role: 'user', text: '\nNow.' },
    ],
    completion: rendered.completion,
  });
});
