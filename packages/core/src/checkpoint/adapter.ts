import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Random } from '../data/random.ts';
import { UserError } from '../errors.ts';
import type { BlockLinears } from '../model/decoder.ts';
import { type JoinedLinear, loraAName, loraBName } from '../model/linear.ts';
import { type LoraOptions, shortName } from '../model/lora.ts';
import { adapterParameters, linearsInBlock } from '../model/parameter-table.ts';
import type { Parameters } from '../model/parameters.ts';
import { openSafetensors, type SafetensorsFile, type TensorData, writeSafetensors } from './safetensors.ts';
import { valuesOf } from './save-model.ts';

/**
 * Adapters in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`, where A is `[rank, inputs]`,
 * B is `[outputs, rank]`, and the scale is `lora_alpha / r`.
 */
const peftName = (part: string, matrix: 'A' | 'B') => `base_model.model.${part}.lora_${matrix}.weight`;

export async function saveAdapter(
  folder: string,
  adapter: { parameters: Parameters; blocks: readonly BlockLinears[]; lora: LoraOptions; baseModel: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = new Map<string, TensorData>();
  const targets = new Set<string>();
  for (const { linear, part, rankOffset } of adaptedParts(adapter.blocks)) {
    const { rank } = part.adapter;
    const a = await valuesOf(adapter.parameters.get(loraAName(linear)));
    const values = a.subarray(rankOffset * linear.inputs, (rankOffset + rank) * linear.inputs);
    tensors.set(peftName(part.name, 'A'), { shape: [rank, linear.inputs], values });
    const b = await valuesOf(adapter.parameters.get(loraBName(part)));
    tensors.set(peftName(part.name, 'B'), { shape: [part.outputs, rank], values: b });
    targets.add(shortName(part.name));
  }
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors);
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: adapter.baseModel,
    inference_mode: true,
    r: adapter.lora.rank,
    lora_alpha: adapter.lora.alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    target_modules: [...targets],
  };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** The adapted parts of all linear layers, and where each one's rows of A begin. */
function adaptedParts(blocks: readonly BlockLinears[]) {
  return blocks.flatMap(linearsInBlock).flatMap((linear) => {
    let rankOffset = 0;
    return linear.parts.flatMap((part) => {
      if (!part.adapter) return [];
      const place = { linear, part: { ...part, adapter: part.adapter }, rankOffset };
      rankOffset += part.adapter.rank;
      return [place];
    });
  });
}

const configSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.string(), z.array(z.string())]),
  use_rslora: z.literal(false).optional(),
  use_dora: z.literal(false).optional(),
  modules_to_save: z.union([z.null(), z.array(z.never())]).optional(),
});

/** What adapter_config.json says. @throws {UserError} `model-invalid` when it is missing or asks for what we don't know. */
export async function readAdapterConfig(folder: string): Promise<LoraOptions> {
  const file = join(folder, 'adapter_config.json');
  const fix = 'Give the adapter folder of a run (RUN/adapter), or one that PEFT saved for plain LoRA.';
  if (!existsSync(file)) {
    throw new UserError({ code: 'model-invalid', problem: 'There is no adapter here.', where: file, fix });
  }
  const parsed = configSchema.safeParse(parseJson(await readFile(file, 'utf8')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError({
      code: 'model-unsupported',
      problem: `This version cannot use this adapter: ${issue?.message}.`,
      where: `${file}, field "${issue?.path.join('.')}"`,
      fix,
    });
  }
  const { r, lora_alpha, target_modules } = parsed.data;
  return { rank: r, alpha: lora_alpha, targets: [target_modules].flat() };
}

/** Undefined, which no schema takes, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The adapters' matrices by the names of ours, for blocks that `withAdapters` made.
 * @throws {UserError} `model-invalid` when a matrix is missing or has another shape
 */
export async function readAdapter(folder: string, blocks: readonly BlockLinears[]): Promise<Map<string, tf.Tensor>> {
  const file = join(folder, 'adapter_model.safetensors');
  const stored = await openSafetensors(file);
  try {
    const a = new Map<string, Float32Array[]>();
    const tensors = new Map<string, tf.Tensor>();
    for (const { linear, part } of adaptedParts(blocks)) {
      const { rank } = part.adapter;
      const read = (matrix: 'A' | 'B', shape: readonly number[]) =>
        readMatrix(stored, file, peftName(part.name, matrix), shape);
      a.set(loraAName(linear), [...(a.get(loraAName(linear)) ?? []), await read('A', [rank, linear.inputs])]);
      tensors.set(loraBName(part), tf.tensor2d(await read('B', [part.outputs, rank]), [part.outputs, rank]));
    }
    for (const { name, shape } of adapterParameters(blocks)) {
      const pieces = a.get(name);
      if (pieces) tensors.set(name, tf.tensor(concatenate(pieces), [...shape]));
    }
    return tensors;
  } finally {
    await stored.close();
  }
}

async function readMatrix(
  stored: SafetensorsFile,
  file: string,
  name: string,
  shape: readonly number[],
): Promise<Float32Array> {
  const info = stored.tensors.get(name);
  if (info?.shape.join() === shape.join()) return stored.read(name);
  throw new UserError({
    code: 'model-invalid',
    problem: info
      ? `Tensor "${name}" of the adapter has the shape [${info.shape}], but the model asks for [${shape}].`
      : `Tensor "${name}" is missing from the adapter.`,
    where: file,
    fix: 'Use the adapter with the model it was trained on.',
  });
}

/** Fresh adapters: A uniform in ±1/√inputs (PEFT's default), B zero, so that training begins at the base model. */
export function freshAdapters(blocks: readonly BlockLinears[], random: Random): Map<string, tf.Tensor> {
  const isA = new Set(blocks.flatMap(linearsInBlock).map((linear: JoinedLinear) => loraAName(linear)));
  return new Map(
    adapterParameters(blocks).map(({ name, shape }) => {
      const [rows, columns] = shape as [number, number];
      const bound = isA.has(name) ? 1 / Math.sqrt(columns) : 0;
      const values = Float32Array.from({ length: rows * columns }, () => (2 * random.uniform() - 1) * bound);
      return [name, tf.tensor2d(values, [rows, columns])];
    }),
  );
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
