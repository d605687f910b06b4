import * as tf from '@tensorflow/tfjs-core';
import type { BlockLinears } from '../../model/config.ts';
import { loraAName, loraBName, magnitudeName } from '../../model/layers/linear.ts';
import { adaptedPartsOf, adapterParameters } from '../../model/parameters/parameter-table.ts';
import { sizeOf } from '../../model/parameters/parameters.ts';
import { magnitudeNameInPeft, matrixName } from './adapter-config.ts';
import type { StoredAdapter } from './open-adapter.ts';

/**
 * A stored adapter's matrices and magnitudes as parameters, for blocks that have its plan.
 * @throws {UserError} `model-invalid` when a matrix is missing or has another shape
 */
export async function readAdapter(
  stored: StoredAdapter,
  blocks: readonly BlockLinears[],
): Promise<Map<string, tf.Tensor>> {
  const a = new Map<string, Float32Array[]>();
  const tensors = new Map<string, tf.Tensor>();
  for (const { linear, part } of adaptedPartsOf(blocks)) {
    const { name, outputs, adapter } = part;
    const { rank, dora } = adapter;
    const rows = await stored.read(matrixName(name, 'A'), [rank, linear.inputs]);
    a.set(loraAName(linear), [...(a.get(loraAName(linear)) ?? []), rows]);
    const b = await stored.read(matrixName(name, 'B'), [outputs, rank]);
    tensors.set(loraBName(part), tf.tensor2d(b, [outputs, rank]));
    if (dora) tensors.set(magnitudeName(part), tf.tensor1d(await stored.read(magnitudeNameInPeft(name), [outputs])));
  }
  for (const { name, shape } of adapterParameters(blocks)) {
    const pieces = a.get(name);
    if (pieces) tensors.set(name, tf.tensor(concatenate(pieces, sizeOf(shape)), [...shape]));
  }
  return tensors;
}

function concatenate(pieces: readonly Float32Array[], size: number): Float32Array {
  const whole = new Float32Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
