import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { readTextFile } from '../../files/read-text-file.ts';
import type { WeightFiles, WeightTensor } from '../weight-files.ts';
import { LONGEST_HEADER, type StoredTensorInfo } from './parse-header.ts';
import { readValues } from './read-values.ts';
import { assertFloats, openSafetensors, type SafetensorsFile } from './safetensors.ts';

export const WEIGHTS = 'model.safetensors';
export const WEIGHTS_INDEX = 'model.safetensors.index.json';

/** In bytes, as a header may be: both name all tensors. */
const LONGEST_INDEX = LONGEST_HEADER;

const invalid = (where: string, problem: string, fix = 'Copy or download the whole folder again.') =>
  new UserError({ code: 'model-invalid', problem, where, fix });

/**
 * Opens all files of the weights; only their headers are read.
 * @throws {UserError} `model-invalid` for a missing shard, a tensor in two of them, an index that does not fit, pickles
 */
export async function openSafetensorsWeights(folder: string): Promise<WeightFiles> {
  const index = await readIndex(folder);
  const files = index ? [...new Set(index.values())] : [WEIGHTS];
  const where = join(folder, index ? WEIGHTS_INDEX : WEIGHTS);
  const sources: SafetensorsFile[] = [];
  const close = async () => {
    for (const source of sources) await source.close();
  };
  try {
    const tensors = new Map<string, WeightTensor>();
    for (const file of files) {
      const source = await openSafetensors(join(folder, file));
      sources.push(source);
      for (const name of source.tensors.keys()) {
        const other = tensors.get(name)?.file;
        if (other !== undefined)
          throw invalid(where, `Tensor "${name}" is in two shards: ${other} and ${source.file}.`);
        tensors.set(name, storedTensor(source, name));
      }
    }
    for (const [name, file] of index ?? []) {
      if (tensors.get(name)?.file === join(folder, file)) continue;
      throw invalid(where, `The index does not fit the shards: tensor "${name}" is not in ${file}.`);
    }
    return { where, tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function storedTensor(source: SafetensorsFile, name: string): WeightTensor {
  const { file } = source;
  const info = source.tensors.get(name) as StoredTensorInfo;
  return {
    file,
    dtype: info.dtype,
    shape: info.shape,
    assertReadable: () => assertFloats(file, name, info),
    readInto: (place) => readValues(source, name, place),
  };
}

/**
 * The files that hold the weights: one, or shards with the index first.
 * @throws {UserError} `model-invalid` when there are none, or not all
 */
export async function safetensorsFiles(folder: string): Promise<string[]> {
  const index = await readIndex(folder);
  const names = index ? [WEIGHTS_INDEX, ...new Set(index.values())] : [WEIGHTS];
  return names.map((name) => join(folder, name));
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+\.safetensors$/)) });

/** Which shard each tensor is in; undefined where one file holds them all. */
async function readIndex(folder: string): Promise<Map<string, string> | undefined> {
  if (existsSync(join(folder, WEIGHTS))) return undefined;
  const file = join(folder, WEIGHTS_INDEX);
  const text = await readTextFile(file, 'model-invalid', LONGEST_INDEX);
  if (text === undefined) throw await noWeights(folder);
  const shards = shardsIn(text);
  if (!shards) throw invalid(file, 'This is not an index of shards: it has no "weight_map" of file names.');
  const missing = [...new Set(shards.values())].filter((shard) => !existsSync(join(folder, shard)));
  if (missing.length === 0) return shards;
  const fix = 'Put it beside the others: copy or download it again.';
  throw invalid(file, `The index names ${missing.join(', ')}, which is not in the folder.`, fix);
}

/** An index's text as tensor → shard; undefined when it is none. */
export function shardsIn(text: string): Map<string, string> | undefined {
  try {
    const parsed = indexSchema.safeParse(JSON.parse(text));
    return parsed.success ? new Map(Object.entries(parsed.data.weight_map)) : undefined;
  } catch {
    return undefined;
  }
}

async function noWeights(folder: string): Promise<UserError> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const shard = names.find((name) => /^model-\d+-of-\d+\.safetensors$/.test(name));
  if (shard) {
    return invalid(folder, `There are shards such as ${shard}, but not their index: ${WEIGHTS_INDEX} is missing.`);
  }
  if (names.some(isPickle)) return pickled(folder);
  return invalid(
    folder,
    `This model folder has no weights: ${WEIGHTS} is missing.`,
    `Put ${WEIGHTS} beside config.json.`,
  );
}

export const isPickle = (name: string): boolean => /^pytorch_model.*\.bin(\.index\.json)?$/.test(name);

/** Why a pickle is not read, and the way out. */
export const pickled = (where: string): UserError =>
  invalid(
    where,
    'The weights are in pytorch_model.bin, a pickle, which can run any program when it is read.',
    'Save the model again with transformers: model.save_pretrained(folder) writes model.safetensors.',
  );
