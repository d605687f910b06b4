import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeBatch } from '../../batches/batch.ts';
import { normalizeStep } from '../../batches/normalize-weights.ts';
import { decoderConfig } from '../../model/families/index.ts';
import { createRandom } from '../../random.ts';
import { enginesWithKernels } from '../../test-support/engines.ts';
import { exampleWith } from '../../test-support/examples.ts';
import { tinyConfigJson, tinyDecoder } from '../../test-support/tiny-model.ts';
import { accumulateGradient } from '../../training/step.ts';
import { openEngine } from '../open-engine.ts';
import { useThreads } from './load.ts';

/** Large enough for every operation to be dealt to several threads. */
const sizes = {
  vocab_size: 1024,
  hidden_size: 128,
  intermediate_size: 344,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 256,
};
const config = decoderConfig({ ...tinyConfigJson, ...sizes }, 'config.json');
const random = createRandom(1);
const examples = Array.from({ length: 8 }, (_, i) => {
  const ids = Array.from({ length: 200 + i }, () => random.integer(config.vocabularySize));
  return exampleWith({
    ids,
    weights: ids.map(() => 1),
    roles: ids.map((__, place) => (place === 0 ? 'bos' : 'assistant')),
  });
});
const { batches } = normalizeStep([makeBatch(examples)], { lossNormalization: 'weight-sum' });

async function gradientOf(method: 'full' | 'lora'): Promise<Float32Array> {
  const train = method === 'full' ? 'full' : { rank: 8, alpha: 16, targets: ['all-linear'] };
  const decoder = tinyDecoder({ config, train });
  for (const batch of batches) await accumulateGradient(decoder, batch);
  const gradient = decoder.parameters.takeGradient();
  const values = gradient.dataSync<'float32'>();
  gradient.dispose();
  decoder.parameters.dispose();
  return values;
}

const own = await enginesWithKernels();

describe.each(own)('threads of %s', (engine) => {
  afterAll(() => vi.unstubAllEnvs());

  it.each(['full', 'lora'] as const)('give the same bits, however many they are: %s', async (method) => {
    vi.stubEnv('COUNTERWEIGHT_THREADS', '1');
    await openEngine(engine);
    useThreads(1);
    const alone = await gradientOf(method);
    expect(alone.some((value) => value !== 0)).toBe(true);
    for (const count of [2, 3, 5]) {
      useThreads(count);
      expect(await gradientOf(method), `${count} threads`).toEqual(alone);
    }
    useThreads(2);
    expect(await gradientOf(method), 'a second time').toEqual(alone);
  });
});
