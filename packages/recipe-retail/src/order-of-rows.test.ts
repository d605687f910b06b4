import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreBaselines } from './baselines/score-baselines.ts';
import { vote } from './catalogue/vote.ts';
import { retail } from './retail.ts';

/** Equal counts are ordered by name everywhere, so that nothing hangs on the order of rows. */

const items = ['eggs', 'milk', 'tea', 'jam', 'nuts', 'Äpfel', 'bread'];
const name = fc.constantFrom(...items);
const names = (minLength: number) => fc.uniqueArray(name, { minLength, maxLength: 5 });
const rows = fc.array(fc.record({ history: names(1), next: names(1) }), { minLength: 2, maxLength: 8 });
const shuffled = <Value>(values: fc.Arbitrary<Value[]>) =>
  values.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

const salesIn = (training: readonly { next: readonly string[] }[]) =>
  items.map((item) => ({ name: item, sold: training.filter(({ next }) => next.includes(item)).length }));

function expectSame(some: Record<string, number>, others: Record<string, number>) {
  expect(Object.keys(some)).toEqual(Object.keys(others));
  for (const [metric, value] of Object.entries(some)) {
    const other = others[metric] ?? Number.NEGATIVE_INFINITY;
    // The mean of numbers in another order differs in its last digit.
    if (Number.isNaN(value)) expect(other).toBeNaN();
    else expect(Math.abs(value - other), metric).toBeLessThan(1e-12);
  }
}

describe('baselines and metrics', () => {
  it.each([
    ['with', true],
    ['without', false],
  ] as const)('are the same for any order of rows, %s a catalogue', (_, with_) =>
    fc.assert(
      fc.asyncProperty(
        shuffled(rows),
        shuffled(rows),
        fc.integer({ min: 1, max: 4 }),
        async ([training, trained], [held, other], k) => {
          const entries = with_ ? { catalogue: salesIn(training) } : {};
          const turned = with_ ? { catalogue: salesIn(trained).reverse() } : {};
          const once = await scoreBaselines(retail({ ...entries, cutoffs: [k] }), { training, heldOut: held });
          const again = await scoreBaselines(retail({ ...turned, cutoffs: [k] }), {
            training: trained,
            heldOut: other,
          });
          for (const baseline of ['popularity', 'coOccurrence', 'boughtBefore', 'popularAndBought'] as const) {
            expectSame(once[baseline], again[baseline]);
          }
        },
      ),
      { numRuns: 60 },
    ),
  );

  it('popularity is worth exactly as much as the best-sellers that it is measured against', () =>
    fc.assert(
      fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 4 }), async (training, heldOut, k) => {
        const recipe = retail({ catalogue: salesIn(training).reverse(), cutoffs: [k] });
        const { popularity } = await scoreBaselines(recipe, { training, heldOut });
        expect(popularity[`ndcgOverPopularityAt${k}`]).toBe(0);
      }),
      { numRuns: 60 },
    ));

  it('so it is in a basket and an order, in any spelling', async () => {
    const catalogue = [
      { name: 'tea', sold: 1 },
      { name: 'milk', sold: 1 },
      { name: 'rope', sold: 0 },
    ];
    const baskets = [
      { basket: ['TEA'], together: ['Milk'] },
      { basket: ['rope'], together: ['tea'] },
    ];
    const together = retail({ task: 'bought-together', catalogue, cutoffs: [1] });
    const inBaskets = await scoreBaselines(together, { training: baskets, heldOut: baskets });
    expect(inBaskets.popularity).toMatchObject({ ndcgOverPopularityAt1: 0, hitRateAt1: 1 / 2 });
    const orders = [{ order: ['Rope', 'Tea', 'never seen'], willReturn: ['rope'] }];
    const returned = retail({ task: 'likely-returned', catalogue, cutoffs: [2] });
    const inOrders = await scoreBaselines(returned, { training: orders, heldOut: orders });
    expect(inOrders.popularity).toMatchObject({ hitRateAt2: 1, unknownNames: 1 / 3 });
  });
});

it('what the shopper had is recognised in any spelling', async () => {
  const recipe = retail({ catalogue: ['eggs', 'milk'], cutoffs: [1] });
  const row = recipe.parseRow({ history: ['EGGS'], next: ['Eggs'] });
  const repeated = recipe.metrics.find((metric) => metric.name === 'repeatRateAt1');
  expect(await repeated?.compute([{ row, text: 'eggs' }])).toBe(1);
});

it('without a catalogue, names that differ in case alone are one, whichever row has which', async () => {
  const recipe = retail({ cutoffs: [1] });
  const some = recipe.parseRow({ history: ['Eggs'], next: ['milk'] });
  const other = recipe.parseRow({ history: ['tea'], next: ['eggs'] });
  const predictions = [some, other].map((row) => ({ row, text: 'EGGS' }));
  const hits = recipe.metrics.find((metric) => metric.name === 'hitRateAt1');
  expect(await hits?.compute(predictions)).toBe(1 / 2);
  expect(await hits?.compute(predictions.toReversed())).toBe(1 / 2);
});

it('votes are the same for any order of lists', () => {
  fc.assert(
    fc.property(shuffled(fc.array(names(0), { minLength: 2, maxLength: 6 })), ([lists, others]) => {
      expect(vote(lists)).toEqual(vote(others));
    }),
  );
});
