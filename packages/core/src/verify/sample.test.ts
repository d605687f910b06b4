import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRows } from './sample.ts';

const lengthsIn = fc.array(fc.integer({ min: 2, max: 500 }), { minLength: 1, maxLength: 60 });

describe('chooseRows', () => {
  it('takes the shortest, the longest and some between', () => {
    expect(chooseRows([30, 10, 20, 50, 40], 1000)).toEqual([0, 1, 2, 3, 4]);
    const lengths = Array.from({ length: 100 }, (_, i) => 100 - i);
    const chosen = chooseRows(lengths, 1000);
    expect(chosen.map((i) => lengths[i])).toEqual([100, 86, 72, 58, 43, 29, 15, 1]);
  });

  it('takes fewer rows where they are long, and none that would be half of it all', () => {
    expect(chooseRows([10, 400, 20, 30, 90], 200)).toEqual([0, 2, 3, 4]);
    expect(chooseRows([300, 200, 100], 50)).toEqual([1, 2]);
    expect(chooseRows([300], 50)).toEqual([0]);
  });

  it('stays within its tokens, takes no row twice, and two where there are two', () => {
    fc.assert(
      fc.property(lengthsIn, fc.integer({ min: 10, max: 3000 }), (lengths, tokens) => {
        const chosen = chooseRows(lengths, tokens);
        const own = chosen.map((i) => lengths[i] as number);
        const fitting = lengths.filter((length) => length <= tokens / 2);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.length).toBeGreaterThanOrEqual(Math.min(2, lengths.length));
        expect(Math.min(...own)).toBe(Math.min(...lengths));
        if (fitting.length < 2) return;
        expect(Math.max(...own)).toBe(Math.max(...fitting));
        expect(own.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});
