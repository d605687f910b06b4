import fc from 'fast-check';
import { expect, it } from 'vitest';
import { averagePrecision, hitRate, ndcg, precision, recall, reciprocalRank } from './index.ts';

const scores = {
  hitRate,
  precision,
  recall,
  reciprocalRank,
  ndcg,
  recbole: (ranked: readonly number[], right: ReadonlySet<number>, k: number) =>
    averagePrecision(ranked, right, k, 'recbole'),
  ranx: (ranked: readonly number[], right: ReadonlySet<number>, k: number) =>
    averagePrecision(ranked, right, k, 'ranx'),
};
const item = fc.integer({ min: 0, max: 30 });
const lists = fc.record({
  ranked: fc.uniqueArray(item, { maxLength: 20 }),
  right: fc.uniqueArray(item, { minLength: 1, maxLength: 10 }).map((items) => new Set(items)),
  k: fc.integer({ min: 1, max: 12 }),
});

it('every score lies between 0 and 1, and what stands after rank k changes nothing', () => {
  fc.assert(
    fc.property(lists, ({ ranked, right, k }) => {
      for (const score of Object.values(scores)) {
        const value = score(ranked, right, k);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(score(ranked.slice(0, k), right, k)).toBe(value);
      }
    }),
  );
});

it('a perfect list has 1, but for the divisors that are larger than k or the list', () => {
  fc.assert(
    fc.property(lists, ({ right, k }) => {
      const perfect = [...right];
      const reached = Math.min(k, right.size);
      for (const name of ['hitRate', 'reciprocalRank', 'ndcg', 'recbole'] as const) {
        expect(scores[name](perfect, right, k)).toBeCloseTo(1, 12);
      }
      expect(scores.precision(perfect, right, k)).toBeCloseTo(reached / k, 12);
      expect(scores.recall(perfect, right, k)).toBeCloseTo(reached / right.size, 12);
      expect(scores.ranx(perfect, right, k)).toBeCloseTo(reached / right.size, 12);
    }),
  );
});

it('a hit that moves up never costs anything', () => {
  fc.assert(
    fc.property(lists, fc.nat(), ({ ranked, right, k }, at) => {
      const hits = ranked.flatMap((one, rank) => (right.has(one) && rank > 0 ? [rank] : []));
      const from = hits[at % Math.max(1, hits.length)];
      fc.pre(from !== undefined);
      const better = [ranked[from] as number, ...ranked.slice(0, from), ...ranked.slice(from + 1)];
      for (const score of [reciprocalRank, ndcg]) {
        expect(score(better, right, k)).toBeGreaterThanOrEqual(score(ranked, right, k) - 1e-12);
      }
    }),
  );
});
