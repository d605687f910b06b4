import * as tf from '@tensorflow/tfjs-core';
import { product } from '../../tensor/product.ts';

/**
 * Rotary position embedding in the half-split layout of Hugging Face checkpoints:
 * `y = x ⊙ cos + rotateHalf(x) ⊙ sin`, where `rotateHalf([a, b]) = [−b, a]`.
 *
 * The rotation by half is a product with a signed permutation: exact, and one operation where slices, a negation and
 * a concatenation would be four. Source: Su et al. 2021, arXiv 2104.09864.
 *
 * `rotarySize` is how many features of a head are turned, the first ones; the rest stay as they are (GPT-NeoX, Phi).
 */
export interface Rotary {
  /** `[tokens, 1, rotarySize]` */
  readonly cos: tf.Tensor;
  readonly sin: tf.Tensor;
  /** `[rotarySize, rotarySize]`: `x · rotateHalf` */
  readonly rotateHalf: tf.Tensor;
}

/** Which features of a head are turned, and how fast: radians a position, one for each pair of features. */
export interface RotaryShape {
  readonly frequencies: readonly number[];
}

/** θ^(−2i / size) for the pairs i of the first `size` features. */
export const frequenciesOf = (size: number, theta: number): number[] =>
  Array.from({ length: size / 2 }, (_, i) => theta ** ((-2 * i) / size));

/** The tables for the tokens of a batch, at their positions. The caller disposes them. */
export const rotaryAt = (positions: ArrayLike<number>, rotarySize: number, theta: number): Rotary =>
  rotaryTables(positions, { frequencies: frequenciesOf(rotarySize, theta) });

/** The same for a shape. The caller disposes them. */
export function rotaryTables(positions: ArrayLike<number>, { frequencies }: RotaryShape): Rotary {
  const half = frequencies.length;
  const rotarySize = 2 * half;
  const tokens = positions.length;
  const cos = new Float32Array(tokens * rotarySize);
  const sin = new Float32Array(tokens * rotarySize);
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < half; i++) {
      // f32 like the reference, which forms the angle in single precision
      const angle = Math.fround((positions[token] as number) * Math.fround(frequencies[i] as number));
      const at = token * rotarySize + i;
      cos[at] = cos[at + half] = Math.cos(angle);
      sin[at] = sin[at + half] = Math.sin(angle);
    }
  }
  const rotateHalf = new Float32Array(rotarySize * rotarySize);
  for (let i = 0; i < half; i++) {
    rotateHalf[(i + half) * rotarySize + i] = -1;
    rotateHalf[i * rotarySize + i + half] = 1;
  }
  return {
    cos: tf.tensor3d(cos, [tokens, 1, rotarySize]),
    sin: tf.tensor3d(sin, [tokens, 1, rotarySize]),
    rotateHalf: tf.tensor2d(rotateHalf, [rotarySize, rotarySize]),
  };
}

/** `x [tokens, heads, headSize]`, turned by its position. */
export function rotate(x: tf.Tensor, { cos, sin, rotateHalf }: Rotary): tf.Tensor {
  return onFirstFeatures(x, cos.shape[2] as number, (first) => {
    const turned = tf.reshape(product(flatHeads(first), rotateHalf), first.shape);
    return tf.add(tf.mul(first, cos), tf.mul(turned, sin));
  });
}

/** The gradient's way back: the transpose of the rotation. */
export function rotateBack(dy: tf.Tensor, { cos, sin, rotateHalf }: Rotary): tf.Tensor {
  return onFirstFeatures(dy, cos.shape[2] as number, (first) => {
    const turned = product(flatHeads(tf.mul(first, sin)), rotateHalf, { transposeB: true });
    return tf.add(tf.mul(first, cos), tf.reshape(turned, first.shape));
  });
}

function onFirstFeatures(x: tf.Tensor, count: number, turn: (first: tf.Tensor) => tf.Tensor): tf.Tensor {
  const size = x.shape[2] as number;
  if (count === size) return turn(x);
  const [first, rest] = tf.split(x, [count, size - count], 2) as [tf.Tensor, tf.Tensor];
  return tf.concat([turn(first), rest], 2);
}

const flatHeads = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, x.shape.at(-1) as number]);
