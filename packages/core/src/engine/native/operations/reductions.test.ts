import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backendOf,
  callKernelOf,
  dtypes,
  expectLikeCpu,
  numbers,
  ownEngines,
  seeds,
  shapes,
  sizeOf,
  tensorOf,
  unitOf,
} from '../../../test-support/tfjs-kernels.ts';

/** A shape with values, and some of its axes. */
const reductions = fc
  .tuple(shapes, fc.integer({ min: 0, max: 31 }), fc.boolean())
  .filter(([shape]) => sizeOf(shape) > 0)
  .map(([shape, bits, keepDims]) => {
    const named = shape.flatMap((_, axis) => ((bits >> axis) & 1 ? [axis] : []));
    return { shape, keepDims, axis: named.length > 0 || shape.length === 0 ? named : shape.map((_, axis) => axis) };
  });

function onThreads(engine: string, count: number, action: () => void): void {
  const { door } = backendOf(engine);
  const before = door.threads();
  door.setThreads(count);
  action();
  door.setThreads(before);
}

/** What sums may be off by: a part of the largest that they can pass through. */
const sumTolerance = (values: ArrayLike<number>) => ({
  absolute: 3e-7 * Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0),
});

describe.each(ownEngines)('over axes (%s)', (engine) => {
  it.each(['Sum', 'Mean'])('%s is as tfjs has it', (name) => {
    const property = fc.property(reductions, dtypes, seeds, ({ shape, keepDims, axis }, dtype, seed) => {
      const x = tensorOf(shape, dtype, seed, false);
      expectLikeCpu(engine, name, { x }, { axis, keepDims }, sumTolerance(x.values));
    });
    fc.assert(property, { numRuns: 60 });
  });

  it.each(['Sum', 'Mean', 'Prod'])('%s of NaN and of infinities is as tfjs has it', (name) => {
    for (const special of [
      [1, Number.NaN, 2],
      [Infinity, 1],
      [Infinity, -Infinity],
      [-Infinity, 3, -4],
    ]) {
      const x = { shape: [special.length], dtype: 'float32', values: special } as const;
      expectLikeCpu(engine, name, { x }, { axis: 0, keepDims: false });
    }
  });

  it.each(['Max', 'Min'])('%s is as tfjs has it', (name) => {
    const property = fc.property(reductions, numbers, seeds, ({ shape, keepDims, axis }, dtype, seed) => {
      const x = tensorOf(shape, dtype, seed);
      expectLikeCpu(engine, name, { x }, { axis, reductionIndices: axis, keepDims });
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('Prod is as tfjs has it', () => {
    const property = fc.property(reductions, numbers, seeds, ({ shape, keepDims, axis }, dtype, seed) => {
      const { values } = tensorOf(shape, dtype, seed, false);
      const near = Array.from(values, (value) => (dtype === 'int32' ? (value % 2) + 2 : 1 + (value % 0.01)));
      const reduced = sizeOf(axis.map((i) => shape[i] as number));
      // 2⁵² and more are rounded in tfjs, and wrap around exactly here.
      if (dtype === 'int32' && reduced > 30) return;
      const x = { shape, dtype, values: near };
      expectLikeCpu(engine, 'Prod', { x }, { axis, keepDims }, { ulps: 2 });
    });
    fc.assert(property, { numRuns: 40 });
  });

  it.each(['All', 'Any'])('%s is as tfjs has it', (name) => {
    const property = fc.property(reductions, seeds, ({ shape, keepDims, axis }, seed) => {
      expectLikeCpu(engine, name, { x: tensorOf(shape, 'bool', seed) }, { axis, keepDims });
    });
    fc.assert(property, { numRuns: 20 });
  });

  it.each(['ArgMax', 'ArgMin', 'Cumsum'])('%s is as tfjs has it', (name) => {
    const property = fc.property(reductions, numbers, seeds, fc.boolean(), (given, dtype, seed, exclusive) => {
      const axis = given.axis[0];
      if (axis === undefined) return;
      const x = tensorOf(given.shape, dtype, seed, name !== 'Cumsum');
      const tolerance = name === 'Cumsum' ? sumTolerance(x.values) : {};
      expectLikeCpu(engine, name, { x }, { axis, exclusive, reverse: given.keepDims }, tolerance);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('of nothing, sums are 0, products 1, and means are not numbers', () => {
    const x = { shape: [0, 2], dtype: 'float32', values: [] } as const;
    const of = (name: string, attrs: object) =>
      callKernelOf(engine, name, { x }, { keepDims: false, ...attrs })[0]?.values;
    expect(of('Sum', { axis: 0 })).toEqual([0, 0]);
    expect(of('Prod', { axis: 0 })).toEqual([1, 1]);
    expect(of('Mean', { axis: 0 })).toEqual([Number.NaN, Number.NaN]);
    expect(of('Max', { reductionIndices: 0 })).toEqual([-Infinity, -Infinity]);
    const none = { x: { ...x, dtype: 'bool' } } as const;
    expect(callKernelOf(engine, 'All', none, { axis: 0 })[0]?.values).toEqual([1, 1]);
    expect(callKernelOf(engine, 'Any', none, { axis: 0 })[0]?.values).toEqual([0, 0]);
    expect(() => callKernelOf(engine, 'ArgMax', { x }, { axis: 0 })).toThrow('ArgMax: no value is the extreme of none');
  });

  it.each([
    [[300_001], 0],
    [[70_001, 3], 0],
    [[5, 40_003], 1],
    [[3, 5003, 7], 1],
  ] as const)('long sums of %j along %i are right to a unit, and the same on any number of threads', (shape, axis) => {
    const x = tensorOf(shape, 'float32', 5, false);
    const values = Array.from(x.values, (value) => Math.fround(Math.abs(value) + 0.1));
    const inner = sizeOf(shape.slice(axis + 1));
    const sums = new Map<number, number>();
    for (const [i, value] of values.entries()) {
      const place = Math.floor(i / inner / (shape[axis] as number)) * inner + (i % inner);
      sums.set(place, (sums.get(place) ?? 0) + value);
    }
    const add = () => callKernelOf(engine, 'Sum', { x: { ...x, values } }, { axis, keepDims: false });
    const [result] = add();
    for (const count of [1, 3]) onThreads(engine, count, () => expect(add()).toEqual([result]));
    for (const [place, sum] of sums) {
      expect(Math.abs((result?.values[place] as number) - sum)).toBeLessThan(2 * unitOf(sum));
    }
  });

  it('softmax and its logarithm are as f64 has them, row by row', () => {
    const rows = fc.tuple(fc.constantFrom([1], [3], [2, 5]), fc.constantFrom(1, 2, 7, 16, 33, 1500));
    const property = fc.property(rows, seeds, ([ahead, size], seed) => {
      const logits = tensorOf([...ahead, size], 'float32', seed, false);
      expectLikeCpu(engine, 'Softmax', { logits }, { dim: -1 }, { ulps: 8, absolute: 1e-37 });
      const [result] = callKernelOf(engine, 'LogSoftmax', { logits }, { axis: -1 });
      const values = Array.from(logits.values);
      for (let from = 0; from < values.length; from += size) {
        const row = values.slice(from, from + size);
        const most = Math.max(...row);
        const logSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
        for (const [i, value] of row.entries()) {
          expect(result?.values[from + i]).toBeCloseTo(value - most - logSum, 4);
        }
      }
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('softmax of NaN and infinities is as tfjs has it', () => {
    const values = [1, Number.NaN, 2, Infinity, 1, 2, -Infinity, -Infinity, -Infinity, -Infinity, 0, 1];
    expectLikeCpu(engine, 'Softmax', { logits: { shape: [4, 3], dtype: 'float32', values } }, { dim: 1 }, { ulps: 4 });
  });
});
