import * as tf from '@tensorflow/tfjs-core';
import { makeBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { decoderConfig } from '../../packages/core/src/model/families/index.ts';
import { createParameterStore } from '../../packages/core/src/model/parameters/parameter-store.ts';
import { baseParameters, linearsOf } from '../../packages/core/src/model/parameters/parameter-table.ts';
import { createRandom } from '../../packages/core/src/random.ts';
import { exampleWith } from '../../packages/core/src/test-support/examples.ts';
import { freshAdamState } from '../../packages/core/src/training/optimizer/adamw.ts';
import { trainStep } from '../../packages/core/src/training/step.ts';

/** A Llama of two layers, large enough for its products to be dealt to several threads. */
const config = decoderConfig(
  {
    ...{ model_type: 'llama', vocab_size: 512, hidden_size: 96, intermediate_size: 256, num_hidden_layers: 2 },
    ...{ num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 128, rms_norm_eps: 1e-5 },
    ...{ rope_theta: 10_000, tie_word_embeddings: true },
  },
  'config.json',
);

/** Trains every weight for five steps with the engine that is open. @returns their losses */
export async function trainSteps(): Promise<number[]> {
  const blocks = linearsOf(config);
  const base = baseParameters(config, blocks);
  const random = createRandom(1);
  const tensors = base.map(({ name, shape }): [string, tf.Tensor] => {
    const [centre, spread] = name.includes('norm') ? [1, 0.1] : [0, 0.2];
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: size }, () => centre + spread * (2 * random.uniform() - 1));
    return [name, tf.tensor(values, [...shape])];
  });
  const decoder = { config, blocks, parameters: createParameterStore(new Map(tensors), base) };
  const examples = Array.from({ length: 6 }, (_, i) => {
    const ids = Array.from({ length: 60 + i }, () => random.integer(config.vocabularySize));
    return exampleWith({ ids, roles: ids.map((__, place) => (place === 0 ? 'bos' : 'assistant')) });
  });
  const { batches } = normalizeStep([makeBatch(examples)], { lossNormalization: 'weight-sum' });
  let adam = freshAdamState(decoder.parameters.trainableSize);
  const losses: number[] = [];
  for (let step = 1; step <= 5; step++) {
    const update = { learningRate: 1e-2, weightDecay: 0.01, maxGradientNorm: 1, step };
    const result = await trainStep(decoder, adam, batches, update);
    adam = result.adam;
    losses.push(result.sums.weighted);
  }
  return losses;
}
