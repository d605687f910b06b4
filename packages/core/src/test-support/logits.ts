import * as tf from '@tensorflow/tfjs-core';
import type { PretrainedModel } from '../checkpoint/pretrained/load-model.ts';
import { inferHiddenStates, vocabularyWeight } from '../model/decoder.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';

/** Logits of all positions of one sequence, `ids × vocabulary`, row-major. The model's tensors are disposed. */
export async function logitsOf(
  { config, blocks, tensors }: PretrainedModel,
  ids: readonly number[],
): Promise<Float32Array> {
  const parameters = createParameterStore(tensors, []);
  const positions = Int32Array.from(ids, (_, i) => i);
  const grid = { rows: 1, length: ids.length, inputIds: Int32Array.from(ids), positions };
  const hidden = await inferHiddenStates({ config, blocks, parameters }, grid);
  const table = parameters.get(vocabularyWeight(config)) as tf.Tensor2D;
  const logits = tf.matMul(hidden as tf.Tensor2D, table, false, true);
  const values = logits.dataSync<'float32'>().slice();
  tf.dispose([hidden, logits]);
  parameters.dispose();
  return values;
}

/** The largest difference. */
export const distance = (some: Float32Array, others: Float32Array): number =>
  some.length === others.length
    ? some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] as number))), 0)
    : Number.POSITIVE_INFINITY;
