import * as tf from '@tensorflow/tfjs-core';
import { callOne, type Kernel, type KernelTable, reshaped } from './kernel.ts';

/** The axes' attribute bears different names in tfjs. */
const AXES: Readonly<Record<string, 'axis' | 'reductionIndices'>> = {
  Sum: 'axis',
  Mean: 'axis',
  Prod: 'axis',
  Min: 'axis',
  All: 'axis',
  Any: 'axis',
  Max: 'reductionIndices',
};

const reduction =
  (name: string, attribute: 'axis' | 'reductionIndices'): Kernel =>
  ({ inputs: { x }, attrs, backend }) => {
    const axis = tf.util.parseAxisParam(attrs[attribute], x.shape);
    const result = callOne(backend, name, [x], { axis });
    return attrs.keepDims ? reshaped(result, tf.backend_util.expandShapeToKeepDim(result.shape, axis)) : result;
  };

const ofLastAxis =
  (name: string, attribute: 'axis' | 'dim'): Kernel =>
  ({ inputs: { logits }, attrs, backend }) => {
    const [axis] = tf.util.parseAxisParam(attrs[attribute], logits.shape);
    if (axis !== logits.shape.length - 1) throw new Error(`${name} goes along the last axis only, not along ${axis}`);
    return callOne(backend, name, [logits]);
  };

/** Over axes, and along one. */
export const reductionKernels: KernelTable = {
  ...Object.fromEntries(Object.entries(AXES).map(([name, attribute]) => [name, reduction(name, attribute)])),
  Softmax: ofLastAxis('Softmax', 'dim'),
  LogSoftmax: ofLastAxis('LogSoftmax', 'axis'),
  ArgMax: ({ inputs: { x }, attrs: { axis }, backend }) => callOne(backend, 'ArgMax', [x], { axis }),
  ArgMin: ({ inputs: { x }, attrs: { axis }, backend }) => callOne(backend, 'ArgMin', [x], { axis }),
  Cumsum: ({ inputs: { x }, attrs: { axis, exclusive, reverse }, backend }) =>
    callOne(backend, 'Cumsum', [x], { axis, exclusive, reverse }),
  BatchMatMul: ({ inputs: { a, b }, attrs, backend }) =>
    callOne(backend, 'MatMul', [a, b], { transpose_a: attrs.transposeA, transpose_b: attrs.transposeB }),
};
