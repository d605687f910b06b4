import { describe, expect, it } from 'vitest';
import { randomBits } from './random-bits.ts';

const COUNT = 20_000;
const draw = (...key: (number | string)[]) => Array.from({ length: COUNT }, (_, i) => randomBits(...key)(i));

/** Of values in [0, 1): 0 where they have nothing to do with each other, within about 3 / √count. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => values.map((value) => value / 2 ** 32 - 0.5);
  const [x, y] = [centred(a), centred(b)];
  return (12 * x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)) / a.length;
}

describe('random bits by place', () => {
  it('are the same for the same key, whatever was drawn before', () => {
    const bits = randomBits(7, 'model.layers.0', 3);
    const later = bits(5);
    for (let i = 0; i < 5; i++) bits(i);
    expect(bits(5)).toBe(later);
    expect(randomBits(7, 'model.layers.0', 3)(5)).toBe(later);
  });

  it('differ by every part of the key, and by where its parts end', () => {
    const keys = [
      [1, 2, 'a'],
      [2, 1, 'a'],
      [1, 2, 'b'],
      [1, 3, 'a'],
      [2 ** 32 + 1, 2, 'a'],
      [1, 2, 'a', 0],
    ] as const;
    const texts = [['ab', 'c'], ['a', 'bc'], ['abc']] as const;
    const drawn = [...keys, ...texts].map((key) =>
      draw(...key)
        .slice(0, 4)
        .join(),
    );
    expect(new Set(drawn).size).toBe(keys.length + texts.length);
  });

  it('are uniform, bit by bit, and know nothing of their neighbours or of the next step', () => {
    const values = draw(3, 100, 'mask');
    for (let bit = 0; bit < 32; bit++) {
      const ones = values.filter((value) => (value >>> bit) & 1).length;
      expect(Math.abs(ones / COUNT - 0.5), `bit ${bit}`).toBeLessThan(0.02);
    }
    expect(new Set(values).size).toBeGreaterThan(COUNT - 10);
    for (const other of [draw(3, 101, 'mask'), draw(4, 100, 'mask'), draw(3, 100, 'mask2'), [...values.slice(1), 0]]) {
      expect(Math.abs(correlation(values, other))).toBeLessThan(0.03);
    }
    // Not the same numbers in another order either.
    const shared = new Set(draw(3, 101, 'mask'));
    expect(values.filter((value) => shared.has(value)).length).toBeLessThan(5);
  });
});
