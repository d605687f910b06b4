import * as tf from '@tensorflow/tfjs-core';
import { product } from '../engine/product.ts';

/**
 * Rotary position embedding in the half-split layout of Hugging Face checkpoints:
 * `y = x ⊙ cos + rotateHalf(x) ⊙ sin`, where `rotateHalf([a, b]) = [−b, a]`.
 *
 * The rotation by half is a product with a signed permutation: exact, and one operation where slices, a negation and
 * a concatenation would be four. Source: Su et al. 2021, arXiv 2104.09864.
 */
export interface Rotary {
  /** `[tokens, 1, headSize]` */
  readonly cos: tf.Tensor;
  readonly sin: tf.Tensor;
  /** `[headSize, headSize]`: `x · rotateHalf` */
  readonly rotateHalf: tf.Tensor;
}

/** The tables for the tokens of a batch, at their positions. The caller disposes them. */
export function rotaryAt(positions: ArrayLike<number>, headSize: number, theta: number): Rotary {
  const half = headSize / 2;
  const tokens = positions.length;
  const cos = new Float32Array(tokens * headSize);
  const sin = new Float32Array(tokens * headSize);
  const frequencies = Array.from({ length: half }, (_, i) => theta ** ((-2 * i) / headSize));
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < half; i++) {
      // f32 like the reference, which forms the angle in single precision
      const angle = Math.fround((positions[token] as number) * Math.fround(frequencies[i] as number));
      const at = token * headSize + i;
      cos[at] = cos[at + half] = Math.cos(angle);
      sin[at] = sin[at + half] = Math.sin(angle);
    }
  }
  const rotateHalf = new Float32Array(headSize * headSize);
  for (let i = 0; i < half; i++) {
    rotateHalf[(i + half) * headSize + i] = -1;
    rotateHalf[i * headSize + i + half] = 1;
  }
  return {
    cos: tf.tensor3d(cos, [tokens, 1, headSize]),
    sin: tf.tensor3d(sin, [tokens, 1, headSize]),
    rotateHalf: tf.tensor2d(rotateHalf, [headSize, headSize]),
  };
}

/** `x [tokens, heads, headSize]`, turned by its position. */
export function rotate(x: tf.Tensor, { cos, sin, rotateHalf }: Rotary): tf.Tensor {
  const turned = tf.reshape(product(flatHeads(x), rotateHalf), x.shape);
  return tf.add(tf.mul(x, cos), tf.mul(turned, sin));
}

/** The gradient's way back: the transpose of the rotation. */
export function rotateBack(dy: tf.Tensor, { cos, sin, rotateHalf }: Rotary): tf.Tensor {
  const turned = product(flatHeads(tf.mul(dy, sin)), rotateHalf, { transposeB: true });
  return tf.add(tf.mul(dy, cos), tf.reshape(turned, dy.shape));
}

const flatHeads = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, x.shape.at(-1) as number]);
