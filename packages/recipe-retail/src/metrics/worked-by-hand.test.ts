import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  coverage,
  f1,
  gini,
  hitRate,
  ndcg,
  novelty,
  precision,
  recall,
  reciprocalRank,
  repeatRate,
} from './index.ts';

const { log2 } = Math;
const close = (actual: number, expected: number) => expect(actual).toBeCloseTo(expected, 12);

describe('RecBole’s test rows (tests/metrics/test_topk_metrics.py)', () => {
  /** Hits by rank, and |R|: the names of hits are their ranks, those that were missed are negative. */
  const row = (hits: readonly number[], count: number) => {
    const ranked = hits.map((_, at) => at + 1);
    const found = ranked.filter((rank) => hits[rank - 1] === 1);
    return { ranked, right: new Set([...found, ...Array.from({ length: count - found.length }, (_, i) => -1 - i)]) };
  };
  const rows = [row([0, 0, 0], 1), row([1, 1, 1], 3), row([1, 0, 1], 4), row([0, 0, 1], 2)];
  type Score = (ranked: readonly number[], right: ReadonlySet<number>, k: number) => number;
  const table = (score: Score) => rows.map(({ ranked, right }) => [1, 2, 3].map((k) => score(ranked, right, k)));
  const third = 1 / log2(4);

  it.each<[string, Score, number[][]]>([
    [
      'Hit',
      hitRate,
      [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1, 1],
        [0, 0, 1],
      ],
    ],
    [
      'MRR',
      reciprocalRank,
      [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1, 1],
        [0, 0, 1 / 3],
      ],
    ],
    [
      'Recall',
      recall,
      [
        [0, 0, 0],
        [1 / 3, 2 / 3, 1],
        [1 / 4, 1 / 4, 2 / 4],
        [0, 0, 1 / 2],
      ],
    ],
    [
      'Precision',
      precision,
      [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1 / 2, 2 / 3],
        [0, 0, 1 / 3],
      ],
    ],
    [
      'MAP',
      (ranked, right, k) => averagePrecision(ranked, right, k, 'recbole'),
      [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1 / 2, (1 + 2 / 3) / 3],
        [0, 0, (1 / 3) * (1 / 2)],
      ],
    ],
    [
      'NDCG',
      ndcg,
      [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1 / (1 + 1 / log2(3)), (1 + third) / (1 + 1 / log2(3) + third)],
        [0, 0, third / (1 + 1 / log2(3))],
      ],
    ],
  ])('%s', (_, score, expected) => {
    for (const [at, values] of table(score).entries()) {
      for (const [k, value] of values.entries()) close(value, expected[at]?.[k] ?? Number.NaN);
    }
  });

  const lists = [
    [5, 7, 3],
    [4, 5, 2],
    [2, 3, 5],
    [1, 4, 6],
    [5, 3, 7],
  ];

  it('ItemCoverage and GiniIndex', () => {
    close(coverage(lists, 8, 3), 7 / 8);
    close(gini(lists, 8, 3), (-5 * 1 - 3 * 1 - 1 * 2 + 1 * 2 + 3 * 2 + 5 * 3 + 7 * 4) / (8 * 15));
  });
});

describe('ranx’s test cases (tests/unit/ranx)', () => {
  it('average precision 0.525, which RecBole’s divisor leaves as it is while |R| ≤ k', () => {
    const ranked = [1, 2, 3, 4, 5, 7];
    const right = new Set([1, 4, 5, 6]);
    close(averagePrecision(ranked, right, 6, 'ranx'), 0.525);
    close(averagePrecision(ranked, right, 6, 'recbole'), 0.525);
    // k = 2: one hit at rank 1; |R| = 4, min(|R|, k) = 2.
    close(averagePrecision(ranked, right, 2, 'ranx'), 1 / 4);
    close(averagePrecision(ranked, right, 2, 'recbole'), 1 / 2);
  });

  it('NDCG with grades, Järvelin’s and Burges’ gains', () => {
    const grades = new Map([
      [2, 5],
      [4, 4],
      [5, 3],
      [10, 2],
    ]);
    const ideal = 5 + 4 / log2(3) + 3 / log2(4) + 2 / log2(5);
    close(ndcg([1, 2, 3, 4, 5], grades, 10), (5 / log2(3) + 4 / log2(5) + 3 / log2(6)) / ideal);
    close(ndcg([10, 5, 2, 4, 3], grades, 10), (2 + 3 / log2(3) + 5 / log2(4) + 4 / log2(5)) / ideal);
    close(ndcg([1, 3, 6, 7, 8], grades, 10), 0);
    const burges = new Map([...grades].map(([item, grade]) => [item, 2 ** grade - 1]));
    const best = 31 + 15 / log2(3) + 7 / log2(4) + 3 / log2(5);
    close(ndcg([10, 5, 2, 4, 3], burges, 10), (3 + 7 / log2(3) + 31 / log2(4) + 15 / log2(5)) / best);
  });

  it('pytrec_eval: a single hit at rank 2 has NDCG 0.6309297535714575', () => {
    close(
      ndcg(
        ['d1', 'd2', 'd3'],
        new Map([
          ['d1', 0],
          ['d2', 1],
          ['d3', 0],
        ]),
        3,
      ),
      0.6309297535714575,
    );
  });
});

describe('worked out by hand', () => {
  it('an unknown name holds its rank', () => {
    close(reciprocalRank([undefined, 'eggs'], new Set(['eggs']), 5), 1 / 2);
    close(precision([undefined, 'eggs'], new Set(['eggs']), 2), 1 / 2);
    close(ndcg([undefined, 'eggs'], new Set(['eggs']), 5), 1 / log2(3));
  });

  it('nothing right, and nothing recommended, are 0', () => {
    for (const [ranked, right] of [
      [['a'], new Set<string>()],
      [[], new Set(['a'])],
    ] as const) {
      for (const score of [hitRate, precision, recall, reciprocalRank, ndcg])
        expect(score<string>(ranked, right, 5)).toBe(0);
      expect(averagePrecision<string>(ranked, right, 5, 'recbole')).toBe(0);
    }
  });

  it('novelty: shares of 1/2 and 1/8 are 1 and 3 bits; what never sold counts as sold once', () => {
    const sold = new Map([
      ['a', 8],
      ['b', 2],
      ['c', 6],
      ['d', 0],
    ]);
    close(novelty([['a'], ['b', undefined]], sold, 5), (1 + 3) / 2);
    close(novelty([['a', 'b'], ['a']], sold, 1), 1);
    close(novelty([['d']], sold, 1), 4);
    expect(novelty([[]], sold, 1)).toBe(0);
  });

  it('Gini: 0 when all are recommended alike, (n − 1) / n when one only, 1 when none', () => {
    close(gini([['a'], ['b'], ['c'], ['d']], 4, 1), 0);
    close(gini([['a'], ['a']], 4, 1), 3 / 4);
    expect(gini([[]], 4, 1)).toBe(1);
  });

  it('repeat rate: 2 of 3 known names bought before', () => {
    const before = new Set(['a', 'b']);
    close(
      repeatRate([
        { items: ['a', 'b', undefined], before },
        { items: ['c'], before },
      ]),
      2 / 3,
    );
    expect(repeatRate([{ items: [], before }])).toBe(0);
  });

  it('F1 of sets', () => {
    close(f1(new Set(['a', 'b']), new Set(['b', 'c', 'd'])), 2 / 5);
    expect(f1(new Set(), new Set())).toBe(1);
    expect(f1(new Set(['a']), new Set())).toBe(0);
  });
});
