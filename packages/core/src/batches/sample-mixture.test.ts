import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { plain } from '../recipe/plain.ts';
import { mixtureWeightsOf } from './mixture-weights.ts';
import { sampleMixture } from './sample-mixture.ts';

const drawing = fc.record({
  groups: fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 3, maxLength: 40 })
    .map((groups) => ['a', 'b', 'c', ...groups]),
  weights: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 20 }))),
  seed: fc.nat(),
  shuffle: fc.boolean(),
});
const sharesOf = (weights: readonly number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(weights.map((weight, i) => ['abc'[i] as string, weight / total]));
};

describe('sampleMixture', () => {
  it('draws as many as there are, in the proportions to within one, the same for a seed', () => {
    fc.assert(
      fc.property(drawing, fc.nat({ max: 9 }), ({ groups, weights, seed, shuffle }, epoch) => {
        const shares = sharesOf(weights);
        const drawn = sampleMixture({ groups, shares, seed, epoch, shuffle });
        expect(drawn).toHaveLength(groups.length);
        expect(sampleMixture({ groups, shares, seed, epoch, shuffle })).toEqual(drawn);
        for (const [group, share] of Object.entries(shares)) {
          const count = drawn.filter((i) => groups[i] === group).length;
          expect(Math.abs(count - share * groups.length)).toBeLessThan(1);
        }
      }),
    );
  });

  it('draws the examples of a group equally often over the epochs, give or take one', () => {
    fc.assert(
      fc.property(drawing, fc.integer({ min: 1, max: 8 }), ({ groups, weights, seed, shuffle }, epochs) => {
        const times = groups.map(() => 0);
        for (let epoch = 0; epoch < epochs; epoch++) {
          for (const i of sampleMixture({ groups, shares: sharesOf(weights), seed, epoch, shuffle })) times[i]! += 1;
        }
        for (const group of ['a', 'b', 'c']) {
          const own = times.filter((_, i) => groups[i] === group);
          expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('goes on in the rows’ own order without shuffling', () => {
    const options = { groups: ['a', 'a', 'a', 'b'], shares: { a: 0.5, b: 0.5 }, seed: 0, shuffle: false };
    expect(sampleMixture({ ...options, epoch: 0 })).toEqual([0, 1, 3, 3]);
    expect(sampleMixture({ ...options, epoch: 1 })).toEqual([0, 2, 3, 3]);
  });
});

it('draws from the groups of a mixture’s rows, and says which recipe has none', () => {
  const mixture = mixRecipes([plain()], { proportions: { plain: 2 } });
  expect(mixtureWeightsOf(mixture, ['plain'])).toEqual({ groups: ['plain'], shares: { plain: 1 } });
  expect(mixtureWeightsOf(plain(), [])).toBeUndefined();
  expect(() => mixtureWeightsOf(mixture, [])).toThrow(/rows of "plain", and there are none/);
});
