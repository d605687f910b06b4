import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { BlockLinears } from '../model/decoder.ts';
import { decoderConfig } from '../model/families/index.ts';
import { type BaseParameter, baseParameters, linearsOf } from '../model/parameter-table.ts';
import { sizeOf } from '../model/parameters.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';

/** A pretrained model, read into tensors; nothing is decided yet about what is to be trained. */
export interface PretrainedModel {
  readonly folder: string;
  readonly config: DecoderConfig;
  readonly blocks: readonly BlockLinears[];
  readonly base: readonly BaseParameter[];
  /** By the names of `base`. Whoever takes them disposes them. */
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
}

/** Reads a Hugging Face folder: config.json and model.safetensors. @throws {UserError} naming file and fix. */
export async function loadModel(folder: string): Promise<PretrainedModel> {
  const config = await readConfig(folder);
  const weights = await openSafetensors(weightsFile(folder));
  try {
    const blocks = linearsOf(config);
    const base = baseParameters(config, blocks);
    const tensors = new Map<string, tf.Tensor>();
    for (const parameter of base) tensors.set(parameter.name, await readParameter(weights, parameter, folder));
    return { folder, config, blocks, base, tensors };
  } finally {
    await weights.close();
  }
}

/** config.json as a decoder's shape. @throws {UserError} when there is none, or its family is not known. */
export async function readConfig(folder: string): Promise<DecoderConfig> {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) {
    throw new UserError({
      code: 'model-invalid',
      problem: existsSync(folder) ? 'This folder is not a model: it has no config.json.' : 'There is no such folder.',
      where: folder,
      fix: 'Give the folder of a Hugging Face model: config.json, model.safetensors, tokenizer.json.',
    });
  }
  return decoderConfig(parseJson(file, await readFile(file, 'utf8')), file);
}

function parseJson(file: string, text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // reported below, like JSON that is not an object
  }
  throw new UserError({
    code: 'model-invalid',
    problem: 'This file is not a JSON object.',
    where: file,
    fix: 'Copy the file again from the model.',
  });
}

function weightsFile(folder: string): string {
  const file = join(folder, 'model.safetensors');
  if (existsSync(file)) return file;
  const pickled = existsSync(join(folder, 'pytorch_model.bin'));
  throw new UserError({
    code: 'model-invalid',
    problem: pickled
      ? 'The weights are in pytorch_model.bin, a pickle, which can run any program when it is read.'
      : 'This model folder has no weights: model.safetensors is missing.',
    where: folder,
    fix: pickled
      ? 'Save the model again with transformers: model.save_pretrained(folder) writes model.safetensors.'
      : 'Put model.safetensors beside config.json.',
  });
}

/** A parameter of ours, put together from the checkpoint's tensors that lie in it. */
async function readParameter(weights: SafetensorsFile, parameter: BaseParameter, folder: string): Promise<tf.Tensor> {
  const values = new Float32Array(sizeOf(parameter.shape));
  let offset = 0;
  for (const { name, shape } of parameter.stored) {
    const info = weights.tensors.get(name);
    if (!info || info.shape.join() !== shape.join()) {
      throw new UserError({
        code: 'model-invalid',
        problem: info
          ? `Tensor "${name}" has the shape [${info.shape}], but config.json asks for [${shape}].`
          : `Tensor "${name}" is missing from the weights.`,
        where: join(folder, 'model.safetensors'),
        fix: 'Use the config.json and the weights that were saved together.',
      });
    }
    values.set(await weights.read(name), offset);
    offset += sizeOf(shape);
  }
  return tf.tensor(values, [...parameter.shape], 'float32');
}
