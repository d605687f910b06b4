import * as tf from '@tensorflow/tfjs-core';
import { likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import { type Layer, layerResult } from '../layers/layer.ts';
import type { AttentionShape } from './grouped-heads.ts';

/**
 * From q, k, v of the first head, then of the next, to all q, all k, all v: `[tokens, heads · 3 · headSize]` both.
 * The features are put in order rather than the weights, so that the matrix, and an adapter on it, stay the checkpoint's.
 */
export function fromInterleavedQkv({ heads, headSize }: AttentionShape): Layer {
  const reordered = (x: tf.Tensor, shape: [number, number]): tf.Tensor => {
    const apart = tf.reshape(toFloat32(x), [-1, ...shape, headSize]);
    return likeType(tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), x.shape), x);
  };
  return (qkv) =>
    layerResult(() => ({
      output: reordered(qkv, [heads, 3]),
      pullback: (gradient) => reordered(gradient, [3, heads]),
    }));
}
