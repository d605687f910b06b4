import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../backend.ts';
import { BFLOAT16, callOne, type Info, type Kernel, type KernelTable, typeNumber } from './kernel.ts';

const likeOne =
  (value: number): Kernel =>
  ({ inputs: { x }, backend }) => {
    const type = backend.isBfloat16(x.dataId) ? BFLOAT16 : typeNumber(x.dtype);
    return callOne(backend, 'Fill', [], { shape: x.shape, value, type });
  };

/** Kernels that make tensors of a few numbers. */
export const valueKernels: KernelTable = {
  Fill: ({ attrs: { shape, value, dtype }, backend }) =>
    callOne(backend, 'Fill', [], { shape, value, type: typeNumber(dtype ?? tf.util.inferDtype(value)) }),
  ZerosLike: likeOne(0),
  OnesLike: likeOne(1),
  OneHot: ({ inputs: { indices }, attrs: { depth, onValue, offValue, dtype }, backend }) =>
    callOne(backend, 'OneHot', [indices], { depth, onValue, offValue, type: typeNumber(dtype ?? 'int32') }),
  Range: ({ attrs: { start, stop, step, dtype }, backend }) => fromValues(backend, range(start, stop, step), dtype),
  LinSpace: ({ attrs: { start, stop, num }, backend }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return fromValues(
      backend,
      Array.from({ length: num }, (_, i) => start + i * step),
      'float32',
    );
  },
};

/** Of numbers that are computed each by itself: tfjs adds the step again and again, and rounds each time. */
function range(start: number, stop: number, step: number): number[] {
  if (start === stop || (start < stop && step < 0) || (stop < start && step > 1)) return [];
  const by = stop < start && step === 1 ? -1 : step;
  return Array.from({ length: Math.abs(Math.ceil((stop - start) / step)) }, (_, i) => start + i * by);
}

function fromValues(backend: NativeBackend, numbers: number[], dtype: tf.DataType): Info {
  const shape = [numbers.length];
  const values = dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
  return { dataId: backend.write(values, shape, dtype), shape, dtype };
}
