import type * as tf from '@tensorflow/tfjs-core';
import type { BlockType } from '../tensor/block-types.ts';
import { createQuantized, quantizeRows } from '../tensor/quantized.ts';

/** A matrix's values in blocks; the matrix itself stays. */
export function inBlocks(values: tf.Tensor, type: BlockType): tf.Tensor2D {
  const matrix = createQuantized(values.shape as [number, number], type);
  quantizeRows(matrix, 0, values);
  return matrix;
}
