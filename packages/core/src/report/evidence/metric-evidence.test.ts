import { describe, expect, it } from 'vitest';
import type { GroupValues } from '../../evaluation/group-values.ts';
import { differenceOf, estimateOf, type Measurement } from './metric-evidence.ts';
import { verdictOf } from './verdict.ts';

/** An evaluation whose rows score so. */
function measured(
  scores: readonly number[],
  changes: { bleu?: number; groupValues?: GroupValues; reference?: string } = {},
): Measurement {
  const { bleu, groupValues, reference = 'yes' } = changes;
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return {
    step: 0,
    evaluation: {
      ...{ rows: scores.length, tokens: 1, loss: 1, promptLoss: null, completionLoss: 1, perplexity: 1 },
      metrics: { score: mean, ...(bleu !== undefined && { bleu }) },
    },
    ...(groupValues && { groupValues }),
    predictions: scores.map((score, i) => ({
      ...{ row: i + 1, prompt: '', reference, output: '', cut: false },
      scores: { score },
    })),
  };
}

const alternating = (count: number, shift = 0) => Array.from({ length: count }, (_, i) => (i % 2) * 10 + shift);

describe('estimateOf', () => {
  it('has the interval of a mean of scores: as wide as Student’s t has it', () => {
    const { value, interval } = estimateOf('score', measured(alternating(100))) ?? {};
    expect(value).toBe(5);
    // ± t(99) · s / √n = 1.984 · 5.025 / 10
    expect(interval?.[0]).toBeCloseTo(5 - 0.997, 0);
    expect(interval?.[1]).toBeCloseTo(5 + 0.997, 0);
  });

  it('has the exact one of a share that is none or all', () => {
    expect(estimateOf('score', measured([0, 0, 0, 0, 0]))?.interval).toEqual([0, 1 - 0.025 ** (1 / 5)]);
  });

  it('counts a row with several outputs once', () => {
    const one = measured([1, 0, 1, 0, 1, 0]);
    const twice = { ...one, predictions: one.predictions.flatMap((line) => [line, line]) };
    expect(estimateOf('score', twice)?.interval).toEqual(estimateOf('score', one)?.interval);
  });

  it('draws groups of rows anew for a metric of the whole corpus, around its value', () => {
    const groupValues = { bleu: Object.fromEntries(alternating(25, 20).map((value, group) => [group, value])) };
    const { value, interval } = estimateOf('bleu', measured([1], { bleu: 26, groupValues })) ?? {};
    expect(value).toBe(26);
    expect(interval?.[0]).toBeCloseTo(24, 0);
    expect(interval?.[1]).toBeCloseTo(28, 0);
  });

  it('knows no interval without scores and groups, and nothing of what was not measured', () => {
    expect(estimateOf('bleu', measured([1], { bleu: 26 }))).toEqual({ value: 26, interval: null });
    expect(estimateOf('rouge', measured([1]))).toBeNull();
  });
});

describe('differenceOf', () => {
  it('is paired: what rows have in common is no part of its interval', () => {
    const before = measured(alternating(40));
    const after = measured(alternating(40, 1).map((score, i) => score + (i % 5 === 0 ? 0.1 : 0)));
    const { value, interval } = differenceOf('score', before, after) ?? {};
    expect(value).toBeCloseTo(1.02);
    expect(interval?.[0]).toBeGreaterThan(1);
    expect(interval?.[1]).toBeLessThan(1.05);
  });

  it('is over the rows that both were measured on', () => {
    const [before, after] = [measured([1, 2, 3, 8]), measured([2, 3, 5])];
    const { value, interval } = differenceOf('score', before, after) ?? {};
    expect(value).toBeCloseTo(4 / 3);
    expect(interval?.[0]).toBeLessThan(1.34);
    expect(differenceOf('score', before, measured([2, 3, 5], { reference: 'no' }))).toBeNull();
  });

  it('is not known of a metric of the whole corpus where the rows are others', () => {
    const bleu = (rows: number, value: number) => measured(Array(rows).fill(1), { bleu: value });
    expect(differenceOf('bleu', bleu(3, 20), bleu(3, 22))).toEqual({ value: 2, interval: null });
    expect(differenceOf('bleu', bleu(3, 20), bleu(4, 22))).toBeNull();
  });

  it('is no chance where every row of many changes by the same', () => {
    const { value, interval } = differenceOf('score', measured(Array(500).fill(1)), measured(Array(500).fill(0))) ?? {};
    expect(value).toBe(-1);
    expect(interval).toEqual([-1, -(0.025 ** (1 / 500))]);
    // Of three less is sure.
    const [before, after] = [measured([0, 0, 0]), measured([1, 1, 1])];
    expect(differenceOf('score', before, after)?.interval).toEqual([0.025 ** (1 / 3), 1]);
    expect(differenceOf('score', before, measured([0, 0, 0]))?.interval).toBeNull();
  });

  it('is none where a metric was measured once', () => {
    expect(differenceOf('bleu', measured([1], { bleu: 2 }), measured([1]))).toBeNull();
  });
});

describe('verdictOf', () => {
  it.each([
    ['higher-is-better', [0.1, 0.3], 'better'],
    ['lower-is-better', [0.1, 0.3], 'worse'],
    ['descriptive', [0.1, 0.3], 'changed'],
    ['higher-is-better', [-0.1, 0.5], 'open'],
  ] as const)('%s, %j: %s', (direction, interval, verdict) => {
    expect(verdictOf({ direction }, { value: 0.2, interval })).toBe(verdict);
  });

  it('is open where nothing is known of chance', () => {
    expect(verdictOf({ direction: 'higher-is-better' }, { value: 1, interval: null })).toBe('open');
  });
});
