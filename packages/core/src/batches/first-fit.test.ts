import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFitDecreasing } from './first-fit.ts';

/** The definition, bin after bin. */
function bySearching(sizes: readonly number[], capacity: number): number[][] {
  const bins: { room: number; items: number[] }[] = [];
  for (const i of sizes.map((_, i) => i).sort((a, b) => (sizes[b] as number) - (sizes[a] as number))) {
    const fresh = { room: capacity, items: [] };
    const bin = bins.find(({ room }) => room >= (sizes[i] as number)) ?? fresh;
    if (bin === fresh) bins.push(fresh);
    bin.room -= sizes[i] as number;
    bin.items.push(i);
  }
  return bins.map(({ items }) => items);
}

describe('firstFitDecreasing', () => {
  it('packs as in the picture', () => {
    const sizes = [5, 3, 2, 7, 4, 1];
    const bins = firstFitDecreasing(sizes, 8).map((bin) => bin.map((i) => sizes[i]));
    expect(bins).toEqual([
      [7, 1],
      [5, 3],
      [4, 2],
    ]);
  });

  it('does what searching bin after bin does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 80 }), (sizes) => {
        expect(firstFitDecreasing(sizes, 20)).toEqual(bySearching(sizes, 20));
      }),
    );
  });

  it('packs 200,000 examples into hardly more rows than there must be', () => {
    const sizes = Array.from({ length: 200_000 }, (_, i) => 20 + ((i * 7919) % 200));
    const bins = firstFitDecreasing(sizes, 512);
    expect(bins.length).toBeLessThan(1.01 * (sizes.reduce((sum, size) => sum + size, 0) / 512) + 1);
  });
});
