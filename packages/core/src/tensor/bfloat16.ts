import * as tf from '@tensorflow/tfjs-core';
import { callKernel } from './kernels.ts';

/**
 * Tensors in bfloat16, the upper half of a float: half the memory, and twice the speed in matrix products. tfjs knows no
 * such type, so to tfjs they are `float32`; the native backend knows better. They may be kept, cloned and disposed like
 * all tensors, but only `product`, the functions here and operations of our own compute on them: TensorFlow refuses
 * them everywhere else.
 */

/** TensorFlow's numbers of the types. */
export const DataType = { float32: 1, bfloat16: 14 } as const;

/** In what a model keeps its frozen weights and its activations. Whatever is trained is always f32. */
export type Precision = 'f32' | 'bf16';

interface NativeTensorInfo {
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** As much of tfjs-node's backend as makes tensors of a type that it does not know. */
interface TensorMaker {
  readonly tensorMap: {
    get(dataId: object): NativeTensorInfo | undefined;
    set(dataId: object, info: NativeTensorInfo & { id: number; values: null; refCount: number }): void;
  };
  createOutputTensor(metadata: NativeTensorInfo & { readonly id: number }): tf.Tensor;
}

/** Teaches tfjs-node's backend to take a bfloat16 result as a tensor. To be called once, when it is loaded. */
export function acceptBfloat16(backend: object): void {
  const maker = backend as TensorMaker;
  const makeOther = maker.createOutputTensor.bind(backend);
  maker.createOutputTensor = (metadata) => {
    if (metadata.dtype !== DataType.bfloat16) return makeOther(metadata);
    const { shape, dtype, id } = metadata;
    const dataId = {};
    maker.tensorMap.set(dataId, { shape, dtype, id, values: null, refCount: 1 });
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: 'float32' });
  };
}

export function isBfloat16(tensor: tf.Tensor): boolean {
  const { tensorMap } = tf.backend() as unknown as Partial<TensorMaker>;
  return tensorMap?.get(tensor.dataId)?.dtype === DataType.bfloat16;
}

export const precisionOf = (tensor: tf.Tensor): Precision => (isBfloat16(tensor) ? 'bf16' : 'f32');

/** The tensor in another precision, or itself when it is in it already. Rounds to the nearest, ties to even. */
export function toPrecision(tensor: tf.Tensor, precision: Precision): tf.Tensor {
  const from = precisionOf(tensor);
  if (from === precision) return tensor;
  const type = { SrcT: typeOf(from), DstT: typeOf(precision) };
  return callKernel<[tf.Tensor]>('Cast', [tensor], 1, { type, bool: { Truncate: false } })[0];
}

export const toFloat32 = (tensor: tf.Tensor): tf.Tensor => toPrecision(tensor, 'f32');

/** The tensor in the precision of another one. */
export const likeType = (tensor: tf.Tensor, model: tf.Tensor): tf.Tensor => toPrecision(tensor, precisionOf(model));

const typeOf = (precision: Precision): number => DataType[precision === 'bf16' ? 'bfloat16' : 'float32'];
