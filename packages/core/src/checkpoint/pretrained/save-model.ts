import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { breather } from '../../abort.ts';
import type { DecoderConfig } from '../../model/config.ts';
import type { BaseParameter } from '../../model/parameters/parameter-table.ts';
import { type Parameters, sizeOf } from '../../model/parameters/parameters.ts';
import { withStopIds } from '../../tokenizer/stop-ids.ts';
import { type TensorData, writeSafetensors } from '../safetensors/safetensors.ts';
import { readConfigJson } from './read-config.ts';
import { saveGenerationSettings, saveTokenizer } from './save-tokenizer.ts';

export interface ModelToSave {
  readonly parameters: Parameters;
  readonly base: readonly BaseParameter[];
  readonly config: DecoderConfig;
  readonly sourceFolder: string;
  /** Tokens that the source's tokenizer does not have. */
  readonly addTokens?: readonly string[] | undefined;
  /** Tokens that end an answer: its settings name them all. */
  readonly stopIds?: readonly number[] | undefined;
}

/**
 * Writes a Hugging Face folder with every weight of the model in f32: config.json, model.safetensors, and the
 * tokenizer's files as the source folder has them, but for added tokens and those that end an answer.
 */
export async function saveModel(
  folder: string,
  { parameters, base, config, sourceFolder, addTokens, stopIds = [] }: ModelToSave,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, 'model.safetensors'), await storedTensors(parameters, base));
  const { torch_dtype: _, ...json } = await readConfigJson(sourceFolder);
  const saved = withStopIds({ ...json, vocab_size: config.vocabularySize, dtype: 'float32' }, stopIds);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(saved, null, 2)}\n`);
  await saveTokenizer(sourceFolder, folder, addTokens);
  await saveGenerationSettings(sourceFolder, folder, stopIds);
}

/** The checkpoint's tensors, cut out of the parameters they lie in. */
async function storedTensors(parameters: Parameters, base: readonly BaseParameter[]): Promise<Map<string, TensorData>> {
  const tensors = new Map<string, TensorData>();
  // Reading a tensor waits for nothing. A signal is to be heard all the same; what is being saved is saved.
  const breathe = breather(undefined);
  for (const { name, stored } of base) {
    await breathe();
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
