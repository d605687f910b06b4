import * as tf from '@tensorflow/tfjs-core';
import { type AdaptedModel, addFreshAdapter } from '../checkpoint/adapter/adapt-model.ts';
import { saveAdapter } from '../checkpoint/adapter/save-adapter.ts';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import type { LoraOptions } from '../model/adapters/lora.ts';
import { createRandom } from '../random.ts';

/** An adapter that changes everything it may change, saved in `folder`; and the model with it, in memory. */
export async function randomAdapter(
  model: string,
  folder: string,
  options: Partial<LoraOptions> & { readonly modulesToSave?: readonly string[] },
): Promise<AdaptedModel> {
  const all = { rank: 3, alpha: 6, targets: ['all-linear'], seed: 1, ...options };
  const { tensors, ...adapted } = addFreshAdapter(await loadModel(model), all);
  const changed = new Map(tensors);
  const random = createRandom(9);
  for (const { name, shape } of adapted.trainable) {
    const before = tensors.get(name) as tf.Tensor;
    const noise = Float32Array.from({ length: before.size }, () => 0.2 * (random.uniform() - 0.5));
    changed.set(
      name,
      tf.tidy(() => tf.add(before, tf.tensor(noise, [...shape]))),
    );
    before.dispose();
  }
  const get = (name: string) => changed.get(name) as tf.Tensor;
  const parameters = { precision: 'f32' as const, get, accumulate: () => {} };
  await saveAdapter(folder, { ...adapted, parameters, baseModel: model });
  return { ...adapted, tensors: changed };
}
