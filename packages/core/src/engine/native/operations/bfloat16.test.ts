import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backendOf, ownEngines, seeds, sizeOf, valuesOf } from '../../../test-support/tfjs-kernels.ts';

const BFLOAT16 = 14;
const FLOAT32 = 1;

/** Below it processors with an instruction for the purpose make 0 of a value. */
const LEAST_NORMAL = 2 ** -126;

/** An f32 as bfloat16 has it: to the nearest, ties to even. */
function rounded(value: number): number {
  const words = new Uint32Array(Float32Array.of(value).buffer);
  const bits = words[0] as number;
  if (Number.isNaN(value)) return value;
  words[0] = ((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000) >>> 0;
  return new Float32Array(words.buffer)[0] as number;
}

const flushed = (value: number): number => (Math.abs(value) < LEAST_NORMAL ? 0 : value);

describe.each(ownEngines)('bfloat16 (%s)', (engine) => {
  const backend = backendOf(engine);
  const floats = (shape: number[], values: ArrayLike<number>): tf.TensorInfo => ({
    dataId: backend.write(Float32Array.from(values), shape, 'float32'),
    shape,
    dtype: 'float32',
  });
  const halves = (x: tf.TensorInfo) => backend.call('Cast', [x], { DstT: BFLOAT16 })[0] as tf.TensorInfo;
  const valuesIn = ({ dataId }: tf.TensorInfo) => Array.from(backend.readSync(dataId) as Float32Array);
  const tensor = (shape: number[], seed: number, specials = true) => {
    const x = halves(floats(shape, valuesOf(seed, sizeOf(shape), 'float32', specials)));
    return { x, values: valuesIn(x) };
  };
  /** A kernel's results must be bfloat16 themselves. */
  const run = (name: string, inputs: object, attrs: object = {}): number[][] => {
    const call = { inputs, attrs, backend } as unknown as Parameters<tf.KernelFunc>[0];
    const results = [tf.getKernel(name, engine).kernelFunc(call)].flat();
    for (const { dataId } of results) expect(backend.isBfloat16(dataId)).toBe(true);
    return results.map(valuesIn);
  };

  it('rounds to the nearest, ties to even, and keeps NaN and infinities', () => {
    const property = fc.property(fc.array(fc.float(), { minLength: 1, maxLength: 70 }), (values) => {
      const x = floats([values.length], values);
      expect(valuesIn(halves(x)).map(flushed)).toEqual(values.map(rounded).map(flushed));
    });
    fc.assert(property, { numRuns: 50 });
    const bits = new Float32Array(Uint32Array.of(0x3f808000, 0x3f818000, 0x3f808001, 0x7f7fffff).buffer);
    expect(valuesIn(halves(floats([4], bits)))).toEqual(Array.from(bits, rounded));
  });

  it('goes back to f32 as it is, and from integers through f32', () => {
    const { x, values } = tensor([5, 7], 3);
    const [wide] = backend.call('Cast', [x], { DstT: FLOAT32 });
    expect(backend.isBfloat16((wide as tf.TensorInfo).dataId)).toBe(false);
    expect(valuesIn(wide as tf.TensorInfo)).toEqual(values);
    const integers = {
      dataId: backend.write(Int32Array.of(1, -300, 65_537), [3], 'int32'),
      shape: [3],
      dtype: 'int32',
    };
    expect(valuesIn(halves(integers as tf.TensorInfo))).toEqual([1, -300, rounded(65_537)]);
  });

  it('makes two of the bits of every int32', () => {
    const pairs = {
      dataId: backend.write(Int32Array.of(0x40003f80, -2), [2], 'int32'),
      shape: [2],
      dtype: 'int32' as const,
    };
    const [apart] = backend.call('Bitcast', [pairs], { type: BFLOAT16 });
    expect(apart?.shape).toEqual([2, 2]);
    expect(valuesIn(apart as tf.TensorInfo)).toEqual([1, 2, Number.NaN, Number.NaN]);
    const [back] = backend.call('Bitcast', [apart as tf.TensorInfo], { type: 3 });
    expect(back?.shape).toEqual([2]);
    expect(valuesIn(back as tf.TensorInfo)).toEqual([0x40003f80, -2]);
  });

  it('is widened for arithmetic, and rounded once', () => {
    const property = fc.property(fc.constantFrom<number[][]>([1], [33], [5, 70], [3, 1100]), seeds, (shape, seed) => {
      const [a, b] = [tensor(shape, seed), tensor(shape.slice(-1), seed + 1)];
      const at = (i: number) => b.values[i % b.values.length] as number;
      const wide = (f: (x: number, y: number) => number) =>
        a.values.map((value, i) => rounded(Math.fround(f(value, at(i)))));
      expect(run('Add', { a: a.x, b: b.x })).toEqual([wide((x, y) => x + y)]);
      expect(run('Multiply', { a: a.x, b: b.x })).toEqual([wide((x, y) => x * y)]);
      expect(run('Neg', { x: a.x })).toEqual([wide((x) => -x)]);
      expect(run('AddN', [a.x, a.x, a.x])).toEqual([wide((x) => Math.fround(x + x) + x)]);
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('stays what it is beside a single f32, and becomes f32 beside more', () => {
    const a = tensor([4], 5, false);
    const [half] = run('Multiply', { a: a.x, b: floats([], [0.5]) });
    expect(half).toEqual(a.values.map((value) => rounded(value * 0.5)));
    const [sum] = backend.call('Add', [a.x, floats([4], [1, 2, 3, 4])]);
    expect(backend.isBfloat16((sum as tf.TensorInfo).dataId)).toBe(false);
  });

  it('is moved bit by bit', () => {
    const { x, values } = tensor([6, 10], 7);
    const rows = (numbers: number[]) => numbers.flatMap((row) => values.slice(10 * row, 10 * row + 10));
    const indices = { dataId: backend.write(Int32Array.of(4, 0, 4), [3], 'int32'), shape: [3], dtype: 'int32' };
    expect(run('GatherV2', { x, indices }, { axis: 0 })).toEqual([rows([4, 0, 4])]);
    expect(run('Slice', { x }, { begin: [1, 0], size: [2, 10] })).toEqual([rows([1, 2])]);
    expect(run('Concat', [x, x], { axis: 0 })).toEqual([[...values, ...values]]);
    expect(run('SplitV', { x }, { numOrSizeSplits: [1, 5], axis: 0 })).toEqual([rows([0]), rows([1, 2, 3, 4, 5])]);
    const transposed = values.map((_, i) => values[(i % 6) * 10 + Math.floor(i / 6)]);
    expect(run('Transpose', { x }, { perm: [1, 0] })).toEqual([transposed]);
    expect(run('ZerosLike', { x })).toEqual([values.map(() => 0)]);
  });

  it('is summed up in f32, and rounded once', () => {
    const { x, values } = tensor([3, 2000], 9, false);
    const row = (i: number) => values.slice(2000 * i, 2000 * i + 2000);
    const sums = [0, 1, 2].map((i) => row(i).reduce((sum, value) => sum + value, 0));
    expect(run('Sum', { x }, { axis: 1 })).toEqual([sums.map(rounded)]);
    const columns = row(0).map((value, i) => rounded(value + (row(1)[i] as number) + (row(2)[i] as number)));
    expect(run('Sum', { x }, { axis: 0 })).toEqual([columns]);
    expect(run('Max', { x }, { reductionIndices: 1 })).toEqual([[0, 1, 2].map((i) => Math.max(...row(i)))]);
  });

  it('multiplies matrices with sums in f32', () => {
    const [a, b] = [tensor([5, 40], 11, false), tensor([40, 3], 12, false)];
    const exact = Array.from({ length: 15 }, (_, i) => {
      const [row, column] = [Math.floor(i / 3), i % 3];
      return Array.from(
        { length: 40 },
        (_, k) => (a.values[row * 40 + k] as number) * (b.values[k * 3 + column] as number),
      );
    });
    const [result] = run('BatchMatMul', { a: a.x, b: b.x }, { transposeA: false, transposeB: false });
    for (const [i, terms] of exact.entries()) {
      const sum = terms.reduce((total, term) => total + term, 0);
      const size = terms.reduce((total, term) => total + Math.abs(term), 0);
      expect(Math.abs((result?.[i] as number) - sum)).toBeLessThan(Math.abs(sum) / 256 + size * 1e-6);
    }
  });

  it('is softened row by row, and rounded once', () => {
    const { x, values } = tensor([4, 30], 13, false);
    const wide = floats([4, 30], values);
    const [expected] = backend.call('Softmax', [wide]);
    const [result] = run('Softmax', { logits: x }, { dim: -1 });
    expect(result?.map(flushed)).toEqual(
      valuesIn(expected as tf.TensorInfo)
        .map(rounded)
        .map(flushed),
    );
  });
});
