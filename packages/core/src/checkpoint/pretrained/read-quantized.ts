import type * as tf from '@tensorflow/tfjs-core';
import type { BaseParameter } from '../../model/parameters/parameter-table.ts';
import { sizeOf } from '../../model/parameters/parameters.ts';
import type { BlockType } from '../../tensor/block-types.ts';
import { createQuantized, quantizeRows, writeRow } from '../../tensor/quantized.ts';
import { type UploadBuffer, uploadFloat32 } from '../../tensor/upload.ts';
import { assertFinite } from '../safetensors/assert-finite.ts';
import { storedTensor, type WeightFiles, type WeightTensor } from '../weight-files.ts';

/** Values that go to the engine at a time, to be quantised there. */
const AT_ONCE = 2 ** 20;

/**
 * A parameter in blocks, put together from the checkpoint's tensors that lie in it: one after the other each is read, and
 * quantised or taken as it is. There is never more of it beside the result than one tensor in f32, in the buffer.
 */
export async function readQuantized(
  weights: WeightFiles,
  { stored, shape }: BaseParameter,
  { buffer, type }: { readonly buffer: UploadBuffer; readonly type: BlockType },
): Promise<tf.Tensor> {
  const matrix = createQuantized(shape as [number, number], type);
  try {
    let first = 0;
    for (const { name, shape: storedShape } of stored) {
      const tensor = storedTensor(weights, name) as WeightTensor;
      const readRows = tensor.quantized?.rowsAs(type);
      if (readRows) {
        const from = first;
        await readRows((row, blocks) => writeRow(matrix, from + row, blocks));
      } else {
        const values = buffer.float32(sizeOf(storedShape));
        await tensor.readInto(values);
        assertFinite(values, name, tensor.file);
        quantizeAll(matrix, first, values);
      }
      first += storedShape[0] as number;
    }
    return matrix;
  } catch (error) {
    matrix.dispose();
    throw error;
  }
}

/** Puts values in place of a matrix's rows from `first` on, some at a time. */
export function quantizeAll(matrix: tf.Tensor, first: number, values: Float32Array): void {
  const columns = matrix.shape[1] as number;
  const rows = Math.max(1, Math.floor(AT_ONCE / columns));
  for (let row = 0; row * columns < values.length; row += rows) {
    const part = values.subarray(row * columns, (row + rows) * columns);
    const tensor = uploadFloat32(part, [part.length / columns, columns]);
    quantizeRows(matrix, first + row, tensor);
    tensor.dispose();
  }
}
