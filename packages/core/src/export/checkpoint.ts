import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors, type SafetensorsFile } from '../checkpoint/safetensors.ts';
import { UserError } from '../errors.ts';
import type { JsonObject } from './json.ts';
import { readJson } from './json.ts';

/** How weights are stored in a checkpoint, in the names of the command line. */
export type FloatType = 'f32' | 'f16' | 'bf16';

export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly type: FloatType;
  /** The file of the checkpoint that holds it. */
  readonly file: string;
}

/**
 * A model as what lies in its folder: config.json and tensors under Hugging Face's names, read one at a time. Exports
 * work on this, not on the model in memory: they need no engine, and no more memory than the largest tensor.
 */
export interface Checkpoint {
  readonly folder: string;
  readonly config: JsonObject;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** The tensor's values, widened to f32. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

const ONE_FILE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const TYPES: Readonly<Record<string, FloatType>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' };

/** @throws {UserError} for a folder without config.json and safetensors, or with weights that are quantised */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const config = await readJson(join(folder, 'config.json'));
  const files = new Map<string, SafetensorsFile>();
  const close = async () => {
    for (const file of files.values()) await file.close();
  };
  try {
    for (const name of await weightFiles(folder)) files.set(name, await openSafetensors(join(folder, name)));
    const tensors = new Map<string, CheckpointTensor>();
    for (const [file, stored] of files) {
      for (const [name, { dtype, shape }] of stored.tensors) {
        tensors.set(name, { shape, type: floatType(dtype, name, join(folder, file)), file });
      }
    }
    const read = (name: string) => {
      const file = files.get(tensors.get(name)?.file ?? '');
      if (!file) throw new Error(`${folder} has no tensor "${name}"`);
      return file.read(name);
    };
    return { folder, config, tensors, read, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function weightFiles(folder: string): Promise<string[]> {
  const index = join(folder, INDEX);
  if (existsSync(join(folder, ONE_FILE)) || !existsSync(index)) return [ONE_FILE];
  const { weight_map } = JSON.parse(await readFile(index, 'utf8')) as { weight_map: Record<string, string> };
  return [...new Set(Object.values(weight_map))].sort();
}

function floatType(dtype: string, name: string, where: string): FloatType {
  const type = TYPES[dtype];
  if (type) return type;
  throw new UserError({
    code: 'model-unsupported',
    problem: `Tensor "${name}" is stored as ${dtype}; this version reads F32, F16 and BF16.`,
    where,
    fix: 'Use a checkpoint that is not quantised, in one of these types.',
  });
}
