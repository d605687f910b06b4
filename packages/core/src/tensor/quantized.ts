import * as tf from '@tensorflow/tfjs-core';
import { BLOCK_TYPE_NUMBERS, type BlockType, rowBytes } from './block-types.ts';
import { type BlockStorage, callKernel } from './kernels.ts';

/**
 * Matrices in blocks of 32 values with a scale (`block-types.ts`). As with bfloat16, to tfjs they are `float32`, and may be kept,
 * cloned and disposed; but only products on their right side and the functions here read them, on our own engine alone.
 */

/** In which blocks a tensor lies; undefined where its values lie one by one. */
export const blockTypeOf = ({ dataId }: tf.Tensor): BlockType | undefined =>
  (tf.backend() as unknown as Partial<BlockStorage>).blockTypeOf?.(dataId);

/** A matrix of zeros, to be filled row by row. */
export const createQuantized = (shape: readonly [number, number], type: BlockType): tf.Tensor2D =>
  callKernel<[tf.Tensor2D]>('CwQuantized', [], 1, { int: { type: BLOCK_TYPE_NUMBERS[type] }, list: { shape } })[0];

/** Puts values `[n, columns]`, in f32, in place of the rows from `row` on. Each block gets the scale that suits it. */
export function quantizeRows(matrix: tf.Tensor, row: number, values: tf.Tensor): void {
  callKernel('CwQuantizeRows', [matrix, values], 0, { int: { row } });
}

/** Puts a row's blocks, as they are, in its place. */
export function writeRow(matrix: tf.Tensor, row: number, blocks: Uint8Array): void {
  const { dataId, shape } = matrix;
  const offset = row * rowBytes(blockTypeOf(matrix) as BlockType, shape[1] as number);
  (tf.backend() as unknown as BlockStorage).writeBlocks(dataId, offset, blocks);
}

/** Rows by their numbers `[n]`, of each `columns` values from `column` on, in f32. */
export const dequantizeRows = (
  matrix: tf.Tensor,
  numbers: tf.Tensor1D,
  [column, columns]: readonly [number, number] = [0, matrix.shape[1] as number],
): tf.Tensor2D => callKernel<[tf.Tensor2D]>('CwDequantizeRows', [matrix, numbers], 1, { int: { column, columns } })[0];
