import { makeBatch } from '../batches/batch.ts';
import { normalizeStep } from '../batches/normalize-weights.ts';
import { openEngine } from '../engine/open-engine.ts';
import { usedMemory } from '../engine/used-memory.ts';
import { decoderConfig } from '../model/families/index.ts';
import { createRandom } from '../random.ts';
import { estimateMemory } from '../training/estimate-memory.ts';
import { freshAdamState } from '../training/optimizer/adamw.ts';
import { trainStep } from '../training/step.ts';
import { exampleWith } from './examples.ts';
import { tinyConfigJson, tinyDecoder } from './tiny-model.ts';

/**
 * A program: trains two steps of a model that is large enough to outweigh the engine, and prints what was estimated
 * beforehand and what the process needed at its peak.
 */
const { engine, method, precision, recompute, dora, quantized } = JSON.parse(process.argv[2] ?? '{}');
const sizes = {
  vocab_size: 8192,
  hidden_size: 256,
  intermediate_size: 768,
  num_hidden_layers: 8,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  max_position_embeddings: 512,
};
const config = decoderConfig({ ...tinyConfigJson, ...sizes }, 'config.json');
// WebAssembly is slower: a smaller batch outweighs its engine as well.
const [rows, length] = engine === 'wasm' ? [16, 256] : recompute ? [64, 256] : [32, 256];

await openEngine(engine);
const train = method === 'full' ? 'full' : { rank: 8, alpha: 16, targets: ['all-linear'], dora };
const decoder = { ...tinyDecoder({ train, config, precision, quantized }), recompute: recompute === true };
let adam = freshAdamState(decoder.parameters.trainableSize);
const { total } = estimateMemory(decoder, { batch: { rows, length }, baseline: usedMemory() });
const random = createRandom(1);
const examples = Array.from({ length: rows }, () => {
  const ids = Array.from({ length: length + 1 }, () => random.integer(config.vocabularySize));
  return exampleWith({ ids, roles: ids.map(() => 'assistant') });
});
const { batches } = normalizeStep([makeBatch(examples)], { lossNormalization: 'weight-sum' });
for (const step of [1, 2]) {
  const options = { step, learningRate: 1e-4, weightDecay: 0, maxGradientNorm: 1 };
  adam = (await trainStep(decoder, adam, batches, options)).adam;
}
console.log(JSON.stringify({ estimated: total, peak: process.resourceUsage().maxRSS * 1024 }));
