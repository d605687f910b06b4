import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judge } from '../judge.ts';
import type { CodeRow } from '../row.ts';
import { notTestedMetric } from './not-tested.ts';
import { passAtK, passAtKMetric } from './pass-at-k.ts';

const ready = async () => {};

describe('passAtK', () => {
  // openai/human-eval's estimator, worked out by hand: 1 − C(n−c, k) / C(n, k).
  it.each([
    [6, 3, 1, 0.5],
    [5, 2, 2, 0.7],
    [1, 1, 1, 1],
    [1, 0, 1, 0],
    [10, 0, 10, 0],
    [10, 1, 10, 1],
    [200, 3, 10, 1 - (190 * 189 * 188) / (200 * 199 * 198)],
  ])('of n = %d with c = %d, k = %d is %d', (n, c, k, expected) => {
    expect(passAtK(n, c, k)).toBeCloseTo(expected, 12);
  });

  it('is what drawing k of the n outputs gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(9), fc.integer({ min: 1, max: 9 }), (n, passing, draws) => {
        const [c, k] = [Math.min(passing, n), Math.min(draws, n)];
        let hits = 0;
        let all = 0;
        for (let chosen = 0; chosen < 2 ** n; chosen++) {
          const members = [...Array(n).keys()].filter((i) => (chosen >> i) & 1);
          if (members.length !== k) continue;
          all += 1;
          if (members.some((i) => i < c)) hits += 1;
        }
        expect(passAtK(n, c, k)).toBeCloseTo(hits / all, 12);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [3, 4, 1],
    [3, 1, 4],
    [3, 1, 0],
    [3.5, 1, 1],
    [3, -1, 1],
  ])('is not defined for n = %d, c = %d, k = %d', (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow(RangeError);
  });
});

describe('the metric', () => {
  const row = (tests: string | undefined): CodeRow => ({
    task: 'write-a-function',
    language: 'javascript',
    description: 'd',
    tests,
  });
  const judge: Judge = {
    canJudge: ({ tests }) => tests !== undefined,
    verdict: async (_, text) => (text === 'right' ? 'passed' : text === 'idle' ? 'not-tested' : 'failed'),
  };
  const outputs = (of: CodeRow, texts: string) =>
    [...texts].map((letter) => ({ row: of, text: letter === '+' ? 'right' : letter === '0' ? 'idle' : 'wrong' }));

  it('is the mean over rows, whose outputs follow each other', async () => {
    const predictions = [...outputs(row('a'), '++---'), ...outputs(row('a'), '-----')];
    expect(await passAtKMetric(2, judge, ready).compute(predictions)).toBeCloseTo(0.35, 12);
    expect(await passAtKMetric(1, judge, ready).compute(predictions)).toBeCloseTo(0.2, 12);
  });

  it('is not reported when a row has fewer outputs than k, or none can be judged', async () => {
    const predictions = [...outputs(row('a'), '++'), ...outputs(row('b'), '+')];
    expect(await passAtKMetric(2, judge, ready).compute(predictions)).toBeNaN();
    expect(await passAtKMetric(1, judge, ready).compute(predictions)).toBe(1);
    expect(await passAtKMetric(1, judge, ready).compute(outputs(row(undefined), '+'))).toBeNaN();
  });

  it('counts what was not tested as failed, and by itself', async () => {
    const predictions = [...outputs(row('a'), '+0'), ...outputs(row('a'), '0-'), ...outputs(row(undefined), '0')];
    expect(await passAtKMetric(1, judge, ready).compute(predictions)).toBe(0.25);
    const notTested = notTestedMetric(judge);
    expect(await notTested.compute(predictions)).toBe(0.5);
    expect(await Promise.all(predictions.map((one) => notTested.perRow?.(one)))).toEqual([0, 1, 1, 0, Number.NaN]);
    expect(await notTested.compute(outputs(row(undefined), '+'))).toBeNaN();
  });

  it('leaves out rows without tests, and tells how far it is', async () => {
    const steps: string[] = [];
    const predictions = [...outputs(row('a'), '+-'), ...outputs(row(undefined), '-')];
    const value = await passAtKMetric(1, judge, ready).compute(predictions, (done, of) => steps.push(`${done}/${of}`));
    expect(value).toBe(0.5);
    expect(steps).toEqual(['1/2', '2/2']);
  });
});
