import * as tf from '@tensorflow/tfjs-core';
import { callOne, cast, type Kernel, type KernelTable } from './kernel.ts';

const BINARY = [
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference', 'FloorDiv', 'Mod'],
  ...['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual', 'LogicalAnd', 'LogicalOr'],
];
const UNARY = [
  ...['Abs', 'Neg', 'Sign', 'Square', 'Relu', 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt'],
  ...['Reciprocal', 'Sigmoid', 'Tanh', 'Erf', 'Sin', 'Cos', 'Floor', 'Ceil', 'Round'],
  ...['IsNan', 'IsFinite', 'IsInf', 'LogicalNot'],
];

const binary =
  (name: string): Kernel =>
  ({ inputs: { a, b }, backend }) =>
    callOne(backend, name, [a, b]);

const unary =
  (name: string): Kernel =>
  ({ inputs: { x }, backend }) =>
    callOne(backend, name, [x]);

/** Value by value; names and attributes are the engine's own. */
export const elementwiseKernels: KernelTable = {
  ...Object.fromEntries(BINARY.map((name) => [name, binary(name)])),
  ...Object.fromEntries(UNARY.map((name) => [name, unary(name)])),
  Step: ({ inputs: { x }, attrs: { alpha }, backend }) => callOne(backend, 'Step', [x], { alpha }),
  ClipByValue: ({ inputs: { x }, attrs: { clipValueMin, clipValueMax }, backend }) =>
    callOne(backend, 'ClipByValue', [x], { clipValueMin, clipValueMax }),
  AddN: ({ inputs, backend }) => callOne(backend, 'AddN', Object.values(inputs)),
  Cast: ({ inputs: { x }, attrs, backend }) => cast(backend, x, attrs.dtype),
  Select({ inputs: { condition, t, e }, backend }) {
    if (t.dtype === e.dtype) return callOne(backend, 'Select', [condition, t, e]);
    const dtype = tf.upcastType(t.dtype, e.dtype);
    const values = [cast(backend, t, dtype), cast(backend, e, dtype)];
    const result = callOne(backend, 'Select', [condition, ...values]);
    for (const { dataId } of values) backend.disposeData(dataId);
    return result;
  },
};
