import { basename } from 'node:path';
import { type Breathe, breather } from '../abort.ts';
import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import { openWeights } from '../checkpoint/open-weights.ts';
import { readConfigJson } from '../checkpoint/pretrained/read-config.ts';
import { assertFinite } from '../checkpoint/safetensors/assert-finite.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import type { JsonObject } from './json.ts';
import { openQuantization } from './quantize-values.ts';

/** How weights are stored in a checkpoint, in the names of the command line; quantised ones count as what they become. */
export type FloatType = 'f32' | 'f16' | 'bf16';

export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly type: FloatType;
  /** The file of safetensors that holds it, or is to hold it. */
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
 * @param quantization of weights that are to be what an adapter was trained on: quantised, and dequantised again
 * @param signal heard whenever a tensor is read, and within long work on one
 * @throws {UserError} for a folder without config.json and weights, or with weights of a type that is not read
 */
export async function openCheckpoint(
  folder: string,
  { signal, quantization }: { signal?: AbortSignal | undefined; quantization?: BaseQuantization | undefined } = {},
): Promise<Checkpoint> {
  const config = await readConfigJson(folder);
  const weights = await openWeights(folder);
  try {
    const tensors = new Map<string, CheckpointTensor>();
    for (const [name, tensor] of weights.tensors) {
      tensor.assertReadable();
      // What is packed otherwise is exact in f32 only.
      tensors.set(name, { shape: tensor.shape, type: TYPES[tensor.dtype] ?? 'f32', file: fileFor(tensor.file) });
    }
    const breathe = breather(signal);
    const isQuantized = quantization !== undefined && quantization.quantize !== 'none';
    const blocks = isQuantized ? await openQuantization(folder, weights, quantization) : undefined;
    const read = async (name: string) => {
      await breathe();
      const tensor = weights.tensors.get(name);
      if (!tensor) throw new Error(`${folder} has no tensor "${name}"`);
      const values = new Float32Array(sizeOf(tensor.shape));
      await tensor.readInto(values);
      assertFinite(values, name, tensor.file);
      await blocks?.(name, values, tensor.shape);
      return values;
    };
    return { folder, tokenizerFolder: folder, config, tensors, read, breathe, close: weights.close };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/** The file that holds a tensor in a folder of safetensors; shards of a GGUF stay shards. */
function fileFor(file: string): string {
  if (/[.]safetensors$/i.test(file)) return basename(file);
  const [shard = ''] = /-[0-9]{5}-of-[0-9]{5}(?=[.]gguf$)/i.exec(file) ?? [];
  return `model${shard}.safetensors`;
}
