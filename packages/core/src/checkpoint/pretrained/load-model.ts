import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.ts';
import type { BlockLinears, DecoderConfig } from '../../model/config.ts';
import {
  type BaseParameter,
  baseParameters,
  linearsOf,
  type StoredTensor,
} from '../../model/parameters/parameter-table.ts';
import { sizeOf } from '../../model/parameters/parameters.ts';
import { type Precision, toPrecision } from '../../tensor/bfloat16.ts';
import { createUploadBuffer, type UploadBuffer, uploadBfloat16, uploadFloat32 } from '../../tensor/upload.ts';
import { type BlockPlan, planBlocks, type QuantizationSettings } from '../block-plan.ts';
import { openWeights } from '../open-weights.ts';
import { assertFinite } from '../safetensors/assert-finite.ts';
import { storedTensor, type WeightFiles, type WeightTensor } from '../weight-files.ts';
import { readConfig } from './read-config.ts';
import { readQuantized } from './read-quantized.ts';

/** A pretrained model, read into tensors; nothing is decided yet about what is to be trained. */
export interface PretrainedModel {
  readonly folder: string;
  readonly config: DecoderConfig;
  readonly blocks: readonly BlockLinears[];
  readonly base: readonly BaseParameter[];
  /** By the names of `base`. Whoever takes them disposes them. */
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
}

export interface LoadOptions {
  /** Heard between two parameters. */
  readonly signal?: AbortSignal | undefined;
  /** What of it lies in blocks; by default nothing. */
  readonly quantization?: QuantizationSettings | undefined;
}

/**
 * Reads a model's folder: config.json and the weights, in one file or in shards. Memory at its peak is the tensors and
 * a buffer for the largest one.
 * @param precision of the matrices that do not lie in blocks; norms and biases are f32 always. bf16 only where the engine has it
 * @throws {UserError} naming file and fix; the reason of the signal
 */
export async function loadModel(
  folder: string,
  precision: Precision = 'f32',
  { signal, quantization }: LoadOptions = {},
): Promise<PretrainedModel> {
  const config = await readConfig(folder);
  const weights = await openWeights(folder);
  const blocks = linearsOf(config);
  const base = baseParameters(config, blocks);
  try {
    // Before anything is allocated: what config.json asks for is what the files hold.
    for (const { stored } of base) assertStored(weights, stored);
    const plan = quantization ? planBlocks(weights, { config, base }, quantization) : new Map();
    return { folder, config, blocks, base, tensors: await readParameters(weights, base, { precision, plan, signal }) };
  } finally {
    await weights.close();
  }
}

async function readParameters(
  weights: WeightFiles,
  base: readonly BaseParameter[],
  {
    precision,
    plan,
    signal,
  }: { readonly precision: Precision; readonly plan: BlockPlan } & Pick<LoadOptions, 'signal'>,
): Promise<Map<string, tf.Tensor>> {
  const largest = base.reduce((size, { shape }) => Math.max(size, sizeOf(shape)), 0);
  const buffer = createUploadBuffer(4 * largest);
  const tensors = new Map<string, tf.Tensor>();
  try {
    for (const parameter of base) {
      signal?.throwIfAborted();
      const type = plan.get(parameter.name);
      const tensor = type
        ? await readQuantized(weights, parameter, { buffer, type })
        : await readParameter(weights, parameter, { buffer, precision });
      tensors.set(parameter.name, tensor);
    }
    return tensors;
  } catch (error) {
    tf.dispose([...tensors.values()]);
    throw error;
  } finally {
    buffer.release();
  }
}

function assertStored(weights: WeightFiles, stored: readonly StoredTensor[]): void {
  for (const { name, shape } of stored) {
    const info = storedTensor(weights, name);
    if (!info || info.shape.join() !== shape.join()) {
      throw new UserError({
        code: 'model-invalid',
        problem: info
          ? `Tensor "${name}" has the shape [${info.shape}], but config.json asks for [${shape}].`
          : `Tensor "${name}" is missing from the weights.`,
        where: info?.file ?? weights.where,
        fix: 'Use the config.json and the weights that were saved together.',
      });
    }
    info.assertReadable();
  }
}

/** A parameter of ours, put together from the checkpoint's tensors that lie in it. */
async function readParameter(
  weights: WeightFiles,
  { stored, shape }: BaseParameter,
  { buffer, precision }: { buffer: UploadBuffer; precision: Precision },
): Promise<tf.Tensor> {
  const size = sizeOf(shape);
  const narrow = precision === 'bf16' && shape.length > 1;
  // Bits of bfloat16 travel in pairs.
  const inPairs = narrow && size % 2 === 0;
  const values = inPairs ? buffer.uint16(size) : buffer.float32(size);
  let offset = 0;
  for (const { name, shape: storedShape } of stored) {
    const end = offset + sizeOf(storedShape);
    const tensor = storedTensor(weights, name) as WeightTensor;
    const place = values.subarray(offset, end);
    await tensor.readInto(place);
    assertFinite(place, name, tensor.file);
    offset = end;
  }
  if (values instanceof Uint16Array) return uploadBfloat16(values, shape);
  const tensor = uploadFloat32(values, shape);
  if (!narrow) return tensor;
  const rounded = toPrecision(tensor, precision);
  tensor.dispose();
  return rounded;
}
