import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { decomposedParts, rowNorms } from '../../model/adapters/dora.ts';
import { partsOf, type SavedLora } from '../../model/adapters/lora.ts';
import type { BlockLinears, DecoderConfig } from '../../model/config.ts';
import {
  type Adapter,
  adaptedParts,
  type JoinedLinear,
  loraAName,
  loraBName,
  magnitudeName,
} from '../../model/layers/linear.ts';
import { denseMatrix } from '../../model/parameters/matrix.ts';
import { adapterParameters, type BaseParameter, linearsInBlock } from '../../model/parameters/parameter-table.ts';
import { type Parameters, sizeOf } from '../../model/parameters/parameters.ts';
import type { Random } from '../../random.ts';
import { valuesOf } from '../pretrained/save-model.ts';
import { type TensorData, writeSafetensors } from '../safetensors/safetensors.ts';
import { ADAPTER_WEIGHTS, adapterConfigJson, magnitudeNameInPeft, matrixName, PEFT_PREFIX } from './adapter-config.ts';
import type { StoredAdapter } from './read-adapter.ts';
import { modulesOf, namesToSave } from './whole-modules.ts';

export interface AdapterToSave {
  readonly parameters: Pick<Parameters, 'get'>;
  readonly blocks: readonly BlockLinears[];
  readonly lora: SavedLora;
  readonly config: DecoderConfig;
  /** Those of the model's own parameters that were trained whole. */
  readonly saved?: readonly BaseParameter[];
  /** As people name the model. */
  readonly baseModel: string;
}

export async function saveAdapter(
  folder: string,
  { parameters, config, blocks, lora, saved = [], baseModel }: AdapterToSave,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = new Map<string, TensorData>();
  const plan = new Map<string, Adapter>();
  for (const { linear, part, rankOffset } of adaptedPartsOf(blocks)) {
    const { rank, dora } = part.adapter;
    const a = await valuesOf(parameters.get(loraAName(linear)));
    const values = a.subarray(rankOffset * linear.inputs, (rankOffset + rank) * linear.inputs);
    tensors.set(matrixName(part.name, 'A'), { shape: [rank, linear.inputs], values });
    const b = await valuesOf(parameters.get(loraBName(part)));
    tensors.set(matrixName(part.name, 'B'), { shape: [part.outputs, rank], values: b });
    if (dora) {
      const values = await valuesOf(parameters.get(magnitudeName(part)));
      tensors.set(magnitudeNameInPeft(part.name), { shape: [part.outputs], values });
    }
    plan.set(part.name, part.adapter);
  }
  const names = saved.flatMap((parameter) => namesToSave(parameter, config).map((name) => ({ parameter, name })));
  for (const { parameter, name } of names) {
    const values = await valuesOf(parameters.get(parameter.name));
    tensors.set(`${PEFT_PREFIX}${name}`, { shape: parameter.shape, values });
  }
  await writeSafetensors(join(folder, ADAPTER_WEIGHTS), tensors);
  const layers = partsOf(blocks).map((part) => part.name);
  const savedModules = modulesOf(names.map(({ name }) => name));
  const transposed = blocks.flatMap(linearsInBlock).some((linear) => linear.transposed);
  const json = adapterConfigJson({ lora, plan, layers, transposed, savedModules, baseModel });
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(json, null, 2)}\n`);
}

/** The adapted parts of all linear layers. */
const adaptedPartsOf = (blocks: readonly BlockLinears[]) =>
  blocks.flatMap(linearsInBlock).flatMap((linear) => adaptedParts(linear).map((place) => ({ linear, ...place })));

/**
 * A stored adapter's matrices and magnitudes as parameters, for blocks that have its plan.
 * @throws {UserError} `model-invalid` when a matrix is missing or has another shape
 */
export async function readAdapter(
  stored: StoredAdapter,
  blocks: readonly BlockLinears[],
): Promise<Map<string, tf.Tensor>> {
  const a = new Map<string, Float32Array[]>();
  const tensors = new Map<string, tf.Tensor>();
  for (const { linear, part } of adaptedPartsOf(blocks)) {
    const { name, outputs, adapter } = part;
    const { rank, dora } = adapter;
    const rows = await stored.read(matrixName(name, 'A'), [rank, linear.inputs]);
    a.set(loraAName(linear), [...(a.get(loraAName(linear)) ?? []), rows]);
    const b = await stored.read(matrixName(name, 'B'), [outputs, rank]);
    tensors.set(loraBName(part), tf.tensor2d(b, [outputs, rank]));
    if (dora) tensors.set(magnitudeName(part), tf.tensor1d(await stored.read(magnitudeNameInPeft(name), [outputs])));
  }
  for (const { name, shape } of adapterParameters(blocks)) {
    const pieces = a.get(name);
    if (pieces) tensors.set(name, tf.tensor(concatenate(pieces, sizeOf(shape)), [...shape]));
  }
  return tensors;
}

/** Fresh matrices: A uniform in ±1/√inputs (PEFT's default), B zero, so that training begins at the base model. */
export function freshAdapters(blocks: readonly BlockLinears[], random: Random): Map<string, tf.Tensor> {
  const isA = new Set(blocks.flatMap(linearsInBlock).map((linear: JoinedLinear) => loraAName(linear)));
  const matrices = adapterParameters(blocks).filter(({ shape }) => shape.length === 2);
  return new Map(
    matrices.map(({ name, shape }) => {
      const [rows, columns] = shape as [number, number];
      const bound = isA.has(name) ? 1 / Math.sqrt(columns) : 0;
      const values = Float32Array.from({ length: rows * columns }, () => (2 * random.uniform() - 1) * bound);
      return [name, tf.tensor2d(values, [rows, columns])];
    }),
  );
}

/** Fresh magnitudes: the lengths that the rows of weight and matrices have now. */
export function freshMagnitudes(
  blocks: readonly BlockLinears[],
  tensors: ReadonlyMap<string, tf.Tensor>,
): Map<string, tf.Tensor> {
  const get = (name: string) => tensors.get(name) as tf.Tensor;
  const weights = { get, matrix: (name: string) => denseMatrix(get(name)) };
  return new Map(
    blocks
      .flatMap(linearsInBlock)
      .flatMap((linear) =>
        decomposedParts(linear).map((place) => [
          magnitudeName(place.part),
          tf.tidy(() => rowNorms(weights, linear, place)),
        ]),
      ),
  );
}

function concatenate(pieces: readonly Float32Array[], size: number): Float32Array {
  const whole = new Float32Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
