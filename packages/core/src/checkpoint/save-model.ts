import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import type { BaseParameter } from '../model/parameter-table.ts';
import { type Parameters, sizeOf } from '../model/parameters.ts';
import { type TensorData, writeSafetensors } from './safetensors.ts';

/** What travels with the weights: the tokenizer and the generation settings, as they came. */
const COMPANIONS =
  /^(tokenizer.*|special_tokens_map|added_tokens|generation_config|chat_template|vocab|merges)\.(json|jinja|txt|model)$/;

/**
 * Writes a Hugging Face folder with every weight of the model in f32: config.json, model.safetensors, and the
 * tokenizer's files as the source folder has them.
 */
export async function saveModel(
  folder: string,
  model: { parameters: Parameters; base: readonly BaseParameter[]; sourceFolder: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, 'model.safetensors'), await storedTensors(model.parameters, model.base));
  const config = JSON.parse(await readFile(join(model.sourceFolder, 'config.json'), 'utf8')) as Record<string, unknown>;
  delete config.torch_dtype;
  await writeFile(join(folder, 'config.json'), `${JSON.stringify({ ...config, dtype: 'float32' }, null, 2)}\n`);
  await copyCompanions(model.sourceFolder, folder);
}

/** Copies what a model folder holds beside config and weights. */
export async function copyCompanions(from: string, to: string): Promise<void> {
  const files = (await readdir(from)).filter((file) => COMPANIONS.test(file));
  await Promise.all(files.map((file) => copyFile(join(from, file), join(to, file))));
}

/** The checkpoint's tensors, cut out of the parameters they lie in. */
async function storedTensors(parameters: Parameters, base: readonly BaseParameter[]): Promise<Map<string, TensorData>> {
  const tensors = new Map<string, TensorData>();
  for (const { name, stored } of base) {
    const values = await valuesOf(parameters.get(name));
    let offset = 0;
    for (const { name: storedName, shape } of stored) {
      const size = sizeOf(shape);
      tensors.set(storedName, { shape, values: values.subarray(offset, offset + size) });
      offset += size;
    }
  }
  return tensors;
}

export async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}
