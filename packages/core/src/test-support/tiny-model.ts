import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { freshAdapters } from '../checkpoint/adapter/fresh-adapter.ts';
import { type LoraOptions, planAdapters, withAdapters } from '../model/adapters/lora.ts';
import type { DecoderConfig } from '../model/config.ts';
import { decoderConfig } from '../model/families/index.ts';
import { weightName } from '../model/layers/linear.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';
import { adapterParameters, baseParameters, linearsInBlock, linearsOf } from '../model/parameters/parameter-table.ts';
import { type ParameterSpec, sizeOf } from '../model/parameters/parameters.ts';
import { createRandom } from '../random.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import type { BlockType } from '../tensor/block-types.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { inBlocks } from './in-blocks.ts';
import { type TensorData, writeSafetensors } from './write-safetensors.ts';

/** A Llama of two layers and a few thousand parameters, as its config.json tells it. */
export const tinyConfigJson = {
  model_type: 'llama',
  vocab_size: 37,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 24,
  rms_norm_eps: 1e-5,
  rope_theta: 500,
  tie_word_embeddings: true,
};

export const tinyConfig: DecoderConfig = decoderConfig(tinyConfigJson, 'config.json');

/** Every weight of it, by the names of a checkpoint; seeded. */
export function tinyWeights(config: DecoderConfig = tinyConfig, seed = 1): Map<string, TensorData> {
  const stored = baseParameters(config, linearsOf(config)).flatMap((parameter) => parameter.stored);
  return new Map(stored.map(({ name, shape }, i) => [name, { shape, values: randomValues(name, shape, seed, i) }]));
}

export async function writeTinyModel(
  folder: string,
  { json = {}, weights = tinyWeights() }: { json?: object; weights?: ReadonlyMap<string, TensorData> } = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...tinyConfigJson, ...json }));
  await writeSafetensors(join(folder, 'model.safetensors'), weights);
  return folder;
}

/**
 * The model in memory; what is trained is every weight, or adapters whose B is not zero, or nothing. `quantized` linear
 * layers lie in blocks of that type.
 */
export function tinyDecoder({
  train,
  config = tinyConfig,
  precision,
  quantized,
}: {
  train: 'full' | LoraOptions | 'nothing';
  config?: DecoderConfig;
  precision?: Precision;
  quantized?: BlockType;
}): TrainableDecoder {
  const plain = linearsOf(config);
  const base = baseParameters(config, plain);
  const linears = new Set(plain.flatMap(linearsInBlock).map(weightName));
  const parameterOf = (spec: ParameterSpec, i: number) => {
    const values = randomParameter(spec, i);
    if (quantized === undefined || !linears.has(spec.name)) return values;
    const blocks = inBlocks(values, quantized);
    values.dispose();
    return blocks;
  };
  const tensors = new Map(base.map((spec, i) => [spec.name, parameterOf(spec, i)]));
  if (typeof train === 'string') {
    return {
      config,
      blocks: plain,
      parameters: createParameterStore(tensors, train === 'full' ? base : [], precision),
    };
  }
  const blocks = withAdapters(plain, planAdapters(plain, train));
  const adapters = freshAdapters(blocks, createRandom(2));
  for (const [i, spec] of adapterParameters(blocks).entries()) {
    adapters.get(spec.name)?.dispose();
    adapters.set(spec.name, randomParameter(spec, 1000 + i));
  }
  const parameters = createParameterStore(new Map([...tensors, ...adapters]), adapterParameters(blocks), precision);
  return { config, blocks, parameters };
}

const randomParameter = ({ name, shape }: ParameterSpec, stream: number): tf.Tensor =>
  tf.tensor(randomValues(name, shape, 1, stream), [...shape], 'float32');

/** Norms and magnitudes around 1, the rest around 0, of a size that keeps activations near 1: rounding is not magnified then. */
function randomValues(name: string, shape: readonly number[], seed: number, stream: number): Float32Array {
  const random = createRandom(seed, stream);
  const centre = /norm|magnitude/.test(name) ? 1 : 0;
  const spread = name.includes('embed_tokens') ? 1 : 0.3;
  return Float32Array.from({ length: sizeOf(shape) }, () => centre + spread * (2 * random.uniform() - 1));
}
