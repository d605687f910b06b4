import * as tf from '@tensorflow/tfjs-core';
import { callKernel } from './kernels.ts';

/**
 * A buffer for values on their way into tensors, used again and again. tfjs-node's binding shares a typed array's memory with
 * TensorFlow where that is aligned as TensorFlow wants it, and keeps the array alive as long as the tensor; otherwise
 * TensorFlow copies and lets go at once. Allocators align to 8 bytes at least, so what begins at 4 is always copied.
 */
const UNALIGNED = 4;

export interface UploadBuffer {
  /** The first `count` f32 of the buffer. */
  float32(count: number): Float32Array;
  /** The first `count` 16-bit numbers of the buffer. */
  uint16(count: number): Uint16Array;
  /** Frees the memory now, not when the garbage collector comes by. */
  release(): void;
}

/** A buffer of `bytes` bytes; pages that are never written take no memory. */
export function createUploadBuffer(bytes: number): UploadBuffer {
  // TypeScript's library of the year before does not know `transfer`; every Node that we run on does.
  const buffer = new ArrayBuffer(UNALIGNED + bytes) as ArrayBuffer & { transfer(length: number): ArrayBuffer };
  return {
    float32: (count) => new Float32Array(buffer, UNALIGNED, count),
    uint16: (count) => new Uint16Array(buffer, UNALIGNED, count),
    release: () => void buffer.transfer(0),
  };
}

/** A tensor with a copy of values in a buffer, which may be written over at once. */
export function uploadFloat32(values: Float32Array, shape: readonly number[]): tf.Tensor {
  return handedOver(tf.tensor(values, [...shape], 'float32'));
}

/** A bf16 tensor (see bfloat16.ts) with a copy of bits in a buffer: an even number of them. */
export function uploadBfloat16(bits: Uint16Array, shape: readonly number[]): tf.Tensor {
  const type = { T: TF_INT32, type: TF_BFLOAT16 };
  return tf.tidy(() => {
    const pairs = handedOver(tf.tensor1d(new Int32Array(bits.buffer, bits.byteOffset, bits.length / 2), 'int32'));
    const [apart] = callKernel<[tf.Tensor]>('Bitcast', [pairs], 1, { type });
    return tf.reshape(apart, [...shape]);
  });
}

const TF_INT32 = 3;
const TF_BFLOAT16 = 14;

/**
 * tfjs-node keeps values on JavaScript's side until an operation asks for them; this asks. WebAssembly copies values
 * when the tensor is made.
 */
function handedOver<T extends tf.Tensor>(tensor: T): T {
  const backend = tf.backend() as { getInputTensorIds?(tensors: tf.Tensor[]): number[] };
  backend.getInputTensorIds?.([tensor]);
  return tensor;
}
