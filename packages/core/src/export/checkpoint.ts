import { basename } from 'node:path';
import { type Breathe, breather } from '../abort.ts';
import { readConfigJson } from '../checkpoint/pretrained/read-config.ts';
import { assertFinite } from '../checkpoint/safetensors/assert-finite.ts';
import { openWeights } from '../checkpoint/safetensors/open-weights.ts';
import { UserError } from '../errors.ts';
import type { JsonObject } from './json.ts';

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
  /** Holds the tokenizer and its templates: the same folder, unless an adapter brings its own. */
  readonly tokenizerFolder: string;
  readonly config: JsonObject;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** The tensor's values, widened to f32. */
  read(name: string): Promise<Float32Array>;
  /** Awaited within long work on a tensor. */
  readonly breathe: Breathe;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, FloatType>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' };

/**
 * @param signal heard whenever a tensor is read, and within long work on one
 * @throws {UserError} for a folder without config.json and safetensors, or with weights that are quantised
 */
export async function openCheckpoint(folder: string, signal?: AbortSignal): Promise<Checkpoint> {
  const config = await readConfigJson(folder);
  const weights = await openWeights(folder);
  try {
    const tensors = new Map<string, CheckpointTensor>();
    for (const [name, { dtype, shape, source }] of weights.tensors) {
      tensors.set(name, { shape, type: floatType(dtype, name, source.file), file: basename(source.file) });
    }
    const breathe = breather(signal);
    const read = async (name: string) => {
      await breathe();
      const source = weights.tensors.get(name)?.source;
      if (!source) throw new Error(`${folder} has no tensor "${name}"`);
      const values = await source.read(name);
      assertFinite(values, name, source.file);
      return values;
    };
    return { folder, tokenizerFolder: folder, config, tensors, read, breathe, close: weights.close };
  } catch (error) {
    await weights.close();
    throw error;
  }
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
