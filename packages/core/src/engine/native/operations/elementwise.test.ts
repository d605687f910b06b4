import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastShapes,
  callKernelOf,
  type Dtype,
  dtypes,
  expectLikeCpu,
  numbers,
  ownEngines,
  seeds,
  shapes,
  type Tolerance,
  tensorOf,
  unitOf,
} from '../../../test-support/tfjs-kernels.ts';

/** By how much a kernel's results may differ from tfjs's, which computes in f64 and rounds once. */
const BINARY: Record<string, Tolerance> = {
  Add: {},
  Sub: {},
  Multiply: {},
  RealDiv: {},
  Maximum: {},
  Minimum: {},
  SquaredDifference: { ulps: 2 },
  Pow: { ulps: 1 },
  Mod: {},
  FloorDiv: {},
};
const COMPARISONS = ['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'];
const UNARY: Record<string, Tolerance> = {
  Abs: {},
  Neg: {},
  Sign: {},
  Square: {},
  Relu: {},
  Exp: { ulps: 3 },
  Expm1: { ulps: 2 },
  Log: { ulps: 3 },
  Log1p: { ulps: 2 },
  Sqrt: {},
  Rsqrt: { ulps: 1 },
  Reciprocal: {},
  Sigmoid: { ulps: 4 },
  Tanh: { ulps: 4 },
  Erf: { absolute: 3e-7 },
  Sin: { ulps: 1 },
  Cos: { ulps: 1 },
  Floor: {},
  Ceil: {},
  Round: {},
  IsNan: {},
  IsFinite: {},
  IsInf: {},
};
/** Products and squares of integers that leave 53 bits are exact here, and rounded before they wrap around in tfjs. */
const smallIntegers = (name: string, dtype: Dtype) =>
  dtype === 'int32' && ['Multiply', 'SquaredDifference', 'Pow', 'Square', 'Abs'].includes(name);
const tamed = (values: ReturnType<typeof tensorOf>, range: number) => ({
  ...values,
  values: Array.from(values.values, (value) => value % range),
});

describe.each(ownEngines)('value by value (%s)', (engine) => {
  it.each(Object.entries(BINARY))('%s is as tfjs has it', (name, tolerance) => {
    const property = fc.property(broadcastShapes, numbers, seeds, ([left, right], dtype, seed) => {
      const range = smallIntegers(name, dtype) ? 9 : 2 ** 32;
      const a = tamed(tensorOf(left, dtype, seed), range);
      const b = tamed(tensorOf(right, dtype, seed + 1), range);
      expectLikeCpu(engine, name, { a, b }, {}, tolerance);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it.each(COMPARISONS)('%s says the same as tfjs’s', (name) => {
    const property = fc.property(broadcastShapes, dtypes, seeds, ([left, right], dtype, seed) => {
      expectLikeCpu(engine, name, { a: tensorOf(left, dtype, seed), b: tensorOf(right, dtype, seed + 1) });
    });
    fc.assert(property, { numRuns: 30 });
  });

  it.each(['LogicalAnd', 'LogicalOr'])('%s says the same as tfjs’s', (name) => {
    const property = fc.property(broadcastShapes, seeds, ([left, right], seed) => {
      expectLikeCpu(engine, name, { a: tensorOf(left, 'bool', seed), b: tensorOf(right, 'bool', seed + 1) });
    });
    fc.assert(property, { numRuns: 20 });
  });

  it.each(Object.entries(UNARY))('%s is as tfjs has it', (name, tolerance) => {
    const property = fc.property(shapes, seeds, (shape, seed) => {
      expectLikeCpu(engine, name, { x: tensorOf(shape, 'float32', seed) }, {}, tolerance);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it.each(['Abs', 'Neg', 'Sign', 'Square', 'Relu'])('%s of integers is as tfjs has it', (name) => {
    const property = fc.property(shapes, seeds, (shape, seed) => {
      const x = tamed(tensorOf(shape, 'int32', seed), smallIntegers(name, 'int32') ? 4096 : 2 ** 32);
      expectLikeCpu(engine, name, { x });
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('limits, steps and negates as tfjs does', () => {
    const property = fc.property(shapes, numbers, seeds, (shape, dtype, seed) => {
      const x = tensorOf(shape, dtype, seed);
      expectLikeCpu(engine, 'ClipByValue', { x }, { clipValueMin: -2, clipValueMax: 3 });
      expectLikeCpu(engine, 'ClipByValue', { x }, { clipValueMin: -Infinity, clipValueMax: Infinity });
      expectLikeCpu(engine, 'Step', { x }, { alpha: 3 });
      expectLikeCpu(engine, 'LogicalNot', { x: tensorOf(shape, 'bool', seed) });
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('casts as tfjs does, which wraps integers around', () => {
    const property = fc.property(shapes, dtypes, dtypes, seeds, (shape, from, to, seed) => {
      expectLikeCpu(engine, 'Cast', { x: tensorOf(shape, from, seed) }, { dtype: to });
    });
    fc.assert(property, { numRuns: 40 });
    const x = { shape: [5], dtype: 'float32', values: [3e9, -3e9, 2 ** 31, 1e20, Number.NaN] } as const;
    expectLikeCpu(engine, 'Cast', { x }, { dtype: 'int32' });
  });

  it('selects as tfjs does, by values and by rows', () => {
    const property = fc.property(shapes, dtypes, dtypes, seeds, (shape, left, right, seed) => {
      const [t, e] = [tensorOf(shape, left, seed), tensorOf(shape, right, seed + 1)];
      expectLikeCpu(engine, 'Select', { condition: tensorOf(shape, 'bool', seed + 2), t, e });
    });
    fc.assert(property, { numRuns: 30 });
    const [t, e] = [tensorOf([3, 5], 'float32', 1), tensorOf([3, 5], 'float32', 2)];
    const [rows] = callKernelOf(engine, 'Select', { condition: tensorOf([3], 'bool', 3), t, e });
    const holds = Array.from(tensorOf([3], 'bool', 3).values);
    expect(rows?.values).toEqual(Array.from(t.values, (value, i) => (holds[Math.floor(i / 5)] ? value : e.values[i])));
  });

  it('adds any number of tensors', () => {
    const property = fc.property(
      shapes,
      numbers,
      fc.integer({ min: 1, max: 5 }),
      seeds,
      (shape, dtype, count, seed) => {
        const parts = Array.from({ length: count }, (_, i) => tensorOf(shape, dtype, seed + i));
        expectLikeCpu(engine, 'AddN', parts);
      },
    );
    fc.assert(property, { numRuns: 20 });
  });

  it('wraps integers around exactly, where tfjs rounds them first', () => {
    const a = { shape: [3], dtype: 'int32', values: [2147483647, 123456789, -2147483648] } as const;
    const b = { shape: [3], dtype: 'int32', values: [2147483647, 987654321, -1] } as const;
    const products = Array.from(a.values, (value, i) => Math.imul(value, b.values[i] as number));
    expect(callKernelOf(engine, 'Multiply', { a, b })[0]?.values).toEqual(products);
    expect(callKernelOf(engine, 'Abs', { x: a })[0]?.values).toEqual([2147483647, 123456789, -2147483648]);
  });

  it('knows 0 from −0 where tfjs does', () => {
    const a = { shape: [4], dtype: 'float32', values: [0, -0, -0, 0] } as const;
    const b = { shape: [4], dtype: 'float32', values: [-0, 0, -0, 0] } as const;
    for (const name of ['Maximum', 'Minimum', 'Add', 'Multiply', 'Sub']) {
      expect(callKernelOf(engine, name, { a, b })).toEqual(callKernelOf('cpu', name, { a, b }));
    }
    for (const name of ['Neg', 'Abs', 'Floor', 'Ceil', 'Tanh', 'Sqrt']) {
      expect(callKernelOf(engine, name, { x: a })).toEqual(callKernelOf('cpu', name, { x: a }));
    }
  });

  const FUNCTIONS: [string, (x: number) => number, number, number][] = [
    ['Exp', Math.exp, -104, 88.7],
    ['Log', Math.log, 1e-45, 3e38],
    ['Log', Math.log, 0.5, 2],
    ['Tanh', Math.tanh, -10, 10],
    ['Sigmoid', (x) => 1 / (1 + Math.exp(-x)), -104, 90],
    ['Erf', erf, -5, 5],
  ];
  it.each(FUNCTIONS)('%s is right to 4 units in the last place', (name, exact, from, to) => {
    const count = 40_000;
    const at = (i: number) => (from > 0 ? from * (to / from) ** (i / count) : from + ((to - from) * i) / count);
    const values = Float32Array.from({ length: count }, (_, i) => at(i));
    const [result] = callKernelOf(engine, name, { x: { shape: [count], dtype: 'float32', values } });
    let most = 0;
    for (let i = 0; i < count; i++) {
      const want = exact(values[i] as number);
      most = Math.max(most, Math.abs((result?.values[i] as number) - want) / unitOf(want));
    }
    expect(most).toBeLessThan(4);
  });
});

/** The error function in f64: its series, and its continued fraction where that is slow. */
function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
    return 1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
