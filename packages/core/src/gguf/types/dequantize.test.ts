import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dequantizeQ4_1, dequantizeQ8_0 } from './dequantize.ts';
import { q4KAsQ4_1 } from './dequantize-k.ts';
import { q4_0AsQ4_1, q4_0AsQ8_0, q5_0AsQ8_0 } from './same-levels.ts';
import { typeOf } from './types.ts';

interface Case {
  readonly type: string;
  readonly number: number;
  readonly bytes: string;
  readonly values: string;
}

const cases = JSON.parse(readFileSync(new URL('./fixtures/blocks.json', import.meta.url), 'utf8')) as Case[];
const context = { tensor: 'tensor "x"', file: 'x.gguf' };

describe('blocks become the values that the package gguf makes of them, to the bit', () => {
  it.each(cases)('$type', ({ number, type, bytes: base64, values: expected }) => {
    const { name, blockSize, blockBytes, dequantize } = typeOf(number, context);
    expect(name).toBe(type);
    // One byte further than they lie well.
    const bytes = Buffer.concat([Buffer.of(0), Buffer.from(base64, 'base64')]).subarray(1);
    const wanted = Buffer.from(expected, 'base64');
    const values = new Float32Array(wanted.length / 4);
    expect(bytes.length / blockBytes).toBe(values.length / blockSize);
    dequantize(bytes, values);
    expect(Buffer.from(values.buffer).equals(wanted)).toBe(true);
    // As a part of a longer array, and nothing beside it.
    const longer = new Float32Array(values.length + 2).fill(7);
    dequantize(bytes, longer.subarray(1, -1));
    expect([...longer]).toEqual([7, ...values, 7]);
  });

  it('covers every type that is read but F32', () => {
    expect(cases.map(({ type }) => type).sort()).toEqual(
      ['BF16', 'F16', 'Q4_0', 'Q4_1', 'Q4_K', 'Q5_0', 'Q5_1', 'Q5_K', 'Q6_K', 'Q8_0'].sort(),
    );
  });
});

it.each([
  [10, 'Q2_K'],
  [23, 'IQ4_XS'],
  [39, 'MXFP4'],
  [999, '999'],
])('type %i is refused by its name, %s', (number, name) => {
  expect(() => typeOf(number, context)).toThrow(`The type ${name} of tensor "x" is not read.`);
});

it.each([
  ['Q4_0', 'q4_1', q4_0AsQ4_1, dequantizeQ4_1],
  ['Q4_0', 'q8_0', q4_0AsQ8_0, dequantizeQ8_0],
  ['Q5_0', 'q8_0', q5_0AsQ8_0, dequantizeQ8_0],
] as const)('%s becomes other blocks of the same values: %s', (type, _, convert, dequantize) => {
  const { bytes: base64, values } = cases.find((own) => own.type === type) as Case;
  const wanted = Buffer.from(values, 'base64');
  const own = new Float32Array(wanted.length / 4);
  dequantize(convert(Buffer.concat([Buffer.of(0), Buffer.from(base64, 'base64')]).subarray(1)), own);
  // 0 may have another sign.
  const unsigned = (all: Float32Array) => all.map((value) => value + 0);
  expect(unsigned(own)).toEqual(unsigned(new Float32Array(Uint8Array.from(wanted).buffer)));
});

it('Q4_K becomes blocks of Q4_1 with the same levels: values differ by the rounding of two halves', () => {
  const { bytes: base64, values } = cases.find(({ type }) => type === 'Q4_K') as Case;
  const wanted = new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
  const own = new Float32Array(wanted.length);
  dequantizeQ4_1(q4KAsQ4_1(Buffer.from(base64, 'base64')), own);
  for (let at = 0; at < wanted.length; at += 32) {
    const largest = Math.max(...wanted.subarray(at, at + 32).map(Math.abs));
    const error = Math.max(
      ...wanted.subarray(at, at + 32).map((value, i) => Math.abs(value - (own[at + i] as number))),
    );
    // A level is at most a few times the largest value, where scale and least value are of different signs.
    expect(error).toBeLessThanOrEqual(largest * 2 ** -9);
  }
});
