import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
