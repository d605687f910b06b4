import * as tf from '@tensorflow/tfjs-core';
import type { PretrainedModel } from '../checkpoint/pretrained/load-model.ts';
import { type Decoder, inferHiddenStates } from '../model/decoder.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';
import { vocabularyLogits } from '../model/vocabulary-logits.ts';

/** Logits of all positions of one sequence, `ids × vocabulary`, row-major: computed at once, without a cache. */
export async function logitsOf(decoder: Decoder, ids: readonly number[]): Promise<Float32Array> {
  const positions = Int32Array.from(ids, (_, i) => i);
  const grid = { rows: 1, length: ids.length, inputIds: Int32Array.from(ids), positions };
  const hidden = await inferHiddenStates(decoder, grid);
  const logits = tf.tidy(() => vocabularyLogits(decoder, hidden));
  const values = logits.dataSync<'float32'>().slice();
  tf.dispose([hidden, logits]);
  return values;
}

/** The same of a model that was read and is not trained. Its tensors are disposed. */
export async function logitsOfStored(
  { config, blocks, tensors }: PretrainedModel,
  ids: readonly number[],
): Promise<Float32Array> {
  const parameters = createParameterStore(tensors, []);
  const values = await logitsOf({ config, blocks, parameters }, ids);
  parameters.dispose();
  return values;
}

/** The largest difference. */
export const distance = (some: Float32Array, others: Float32Array): number =>
  some.length === others.length
    ? some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] as number))), 0)
    : Number.POSITIVE_INFINITY;
