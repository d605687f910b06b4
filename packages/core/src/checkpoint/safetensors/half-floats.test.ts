import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from './half-floats.ts';

const halves = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

describe('bfloat16', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['minus zero', 0x8000, -0],
    ['one', 0x3f80, 1],
    ['minus two', 0xc000, -2],
    ['pi, as near as it gets', 0x4049, 3.140625],
    ['the largest', 0x7f7f, (2 - 2 ** -7) * 2 ** 127],
    ['the smallest normal', 0x0080, 2 ** -126],
    ['the largest subnormal', 0x007f, 127 * 2 ** -133],
    ['the smallest', 0x0001, 2 ** -133],
    ['infinity', 0x7f80, Number.POSITIVE_INFINITY],
    ['minus infinity', 0xff80, Number.NEGATIVE_INFINITY],
    ['not a number', 0x7fc0, Number.NaN],
  ])('%s', (_, bits, expected) => {
    expect(bfloat16ToFloat32(Uint16Array.of(bits))[0]).toBe(expected);
  });

  it('is the upper half of an f32, for every value', () => {
    const words = new Uint32Array(bfloat16ToFloat32(halves).buffer);
    expect(words.every((word, bits) => word >>> 16 === bits && (word & 0xffff) === 0)).toBe(true);
  });
});

describe('float16', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['minus zero', 0x8000, -0],
    ['one', 0x3c00, 1],
    ['minus two', 0xc000, -2],
    ['a third, as near as it gets', 0x3555, 0.333251953125],
    ['the largest', 0x7bff, 65_504],
    ['the smallest normal', 0x0400, 2 ** -14],
    ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
    ['the smallest', 0x0001, 2 ** -24],
    ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
    ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
    ['not a number', 0x7e00, Number.NaN],
    ['another one', 0xfc01, Number.NaN],
  ])('%s', (_, bits, expected) => {
    expect(float16ToFloat32(Uint16Array.of(bits))[0]).toBe(expected);
  });

  it('climbs by one unit in the last place from each value to the next', () => {
    const values = float16ToFloat32(halves);
    const positive = fc.integer({ min: 0, max: 0x7bfe });
    fc.assert(
      fc.property(positive, (bits) => {
        const unit = 2 ** (Math.max(1, bits >> 10) - 25);
        expect((values[bits + 1] as number) - (values[bits] as number)).toBe(unit);
        expect(values[bits | 0x8000]).toBe(-(values[bits] as number));
      }),
      { examples: [[0], [0x3ff], [0x400], [0x7ff], [0x7bfe]] },
    );
  });
});

describe('rounding', () => {
  const isNaNBits = (bits: number, exponent: number, fraction: number) =>
    (bits & exponent) === exponent && (bits & fraction) !== 0;

  it('gives every 16-bit value back', () => {
    const bfloats = float32ToBfloat16(bfloat16ToFloat32(halves));
    const floats = float32ToFloat16(float16ToFloat32(halves));
    expect(halves.every((bits) => bfloats[bits] === bits || isNaNBits(bits, 0x7f80, 0x7f))).toBe(true);
    expect(halves.every((bits) => floats[bits] === bits || isNaNBits(bits, 0x7c00, 0x3ff))).toBe(true);
  });

  it('takes the nearer neighbour, and the even one of two that are as near', () => {
    const [bfloat, float] = [bfloat16ToFloat32(halves), float16ToFloat32(halves)];
    const neighbours = fc.integer({ min: 0, max: 0x7bfe });
    const share = fc.constantFrom(0.25, 0.5, 0.75);
    fc.assert(
      fc.property(neighbours, share, fc.boolean(), (bits, between, isNegative) => {
        for (const [values, round] of [
          [bfloat, float32ToBfloat16],
          [float, float32ToFloat16],
        ] as const) {
          const [low, high] = [values[bits] as number, values[bits + 1] as number];
          const value = (isNegative ? -1 : 1) * (low + between * (high - low));
          const nearest = between === 0.5 ? bits + (bits & 1) : bits + Math.round(between);
          expect(round(Float32Array.of(value))[0]).toBe(nearest | (isNegative ? 0x8000 : 0));
        }
      }),
      {
        examples: [
          [0, 0.5, false],
          [1, 0.5, true],
          [0x3ff, 0.75, false],
          [0x7bfe, 0.5, false],
        ],
      },
    );
  });

  it('overflows to infinity, and keeps what is not a number', () => {
    const values = Float32Array.of(65_519, 65_520, -1e6, 3.4e38, Number.NaN);
    expect([...float32ToFloat16(values)]).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00, 0x7e00]);
    expect([...bfloat16ToFloat32(float32ToBfloat16(values))].slice(3)).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
  });
});
