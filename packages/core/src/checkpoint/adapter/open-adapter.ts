import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { AdapterPlan, SavedLora } from '../../model/adapters/lora.ts';
import type { Adapter } from '../../model/layers/linear.ts';
import { assertFinite } from '../safetensors/assert-finite.ts';
import { openSafetensors, type SafetensorsFile } from '../safetensors/safetensors.ts';
import { ADAPTER_WEIGHTS, adaptersOf, PEFT_PREFIX } from './adapter-config.ts';
import { ADAPTER_CONFIG, type AdapterConfig, readAdapterConfig } from './read-adapter-config.ts';
import { endsOf } from './targeted-layers.ts';

/** An adapter folder, open for reading. What it holds is what its tensors say; its config says how they are scaled. */
export interface StoredAdapter {
  readonly folder: string;
  readonly config: AdapterConfig;
  readonly lora: SavedLora;
  /** The linear layers that have adapters, by the checkpoint's names. */
  readonly plan: AdapterPlan;
  /** The checkpoint's names of tensors that the adapter brings whole, with their shapes. */
  readonly wholeTensors: ReadonlyMap<string, readonly number[]>;
  /** @throws {UserError} `model-invalid` when the tensor is missing or its shape differs */
  read(name: string, shape: readonly number[]): Promise<Float32Array>;
  /** Whether it brings both of these tensors whole, and they are the same. */
  haveEqual(name: string, other: string): Promise<boolean>;
  close(): Promise<void>;
}

/** @throws {UserError} for a folder that is no adapter, or one that asks for what we don't know */
export async function openAdapter(folder: string): Promise<StoredAdapter> {
  const config = await readAdapterConfig(folder);
  const file = join(folder, ADAPTER_WEIGHTS);
  const weights = await openSafetensors(file);
  try {
    const { plan, wholeTensors } = contentsOf(config, adaptersOf(config, join(folder, ADAPTER_CONFIG)), weights);
    assertWhole(config, [...wholeTensors.keys()], file);
    const read = (name: string, shape: readonly number[]) => readTensor(weights, file, name, shape);
    return {
      folder,
      config,
      lora: {
        rank: config.r,
        alpha: config.lora_alpha,
        rsLora: config.use_rslora,
        dora: config.use_dora,
        dropout: config.lora_dropout,
      },
      plan,
      wholeTensors,
      read,
      async haveEqual(name, other) {
        const [shape, otherShape] = [wholeTensors.get(name), wholeTensors.get(other)];
        if (!shape || !otherShape || shape.join() !== otherShape.join()) return false;
        const values = await read(`${PEFT_PREFIX}${name}`, shape);
        const others = await read(`${PEFT_PREFIX}${other}`, shape);
        return values.every((value, i) => value === others[i]);
      },
      close: weights.close,
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/** In characters; no model's layers have names nearly as long. */
const LONGEST_NAME = 1024;
const MATRIX = /^(.+)\.lora_[AB]\.weight$/;
const MAGNITUDE = /^(.+)\.lora_magnitude_vector$/;
const WHOLE = /^(.+\.(?:weight|bias))$/;
/** After a vocabulary was resized PEFT saves its tables twice more, by the names of its own wrapper. */
const COPY = /\.(modules_to_save|original_module)\.(weight|bias)$/;

/** What PEFT calls tensors that are not read here, and why they aren't. */
const NOT_READ: readonly (readonly [RegExp, string])[] = [
  [/\.lora_embedding_[AB]$/, 'adapts an embedding table; train the table whole instead (modules_to_save)'],
  [/\.lora_[AB]\.bias$/, 'is a bias of its matrices'],
  [MAGNITUDE, 'is a magnitude of DoRA, and the config does not say use_dora'],
  [
    /\.token_adapter\.|trainable_tokens/,
    'holds single rows of the vocabulary; train the tables whole instead (modules_to_save)',
  ],
  [
    /\.lora_[AB]\.[^.]+\.weight$/,
    "is named as in a training script's memory; save the adapter with PEFT's save_pretrained",
  ],
];

function strangeTensor(name: string, file: string): UserError {
  const known = NOT_READ.find(([pattern]) => pattern.test(name))?.[1];
  const reason =
    known ??
    (name.startsWith(PEFT_PREFIX) ? 'is for nothing that is known here' : `does not begin with ${PEFT_PREFIX}`);
  return new UserError({
    code: 'model-unsupported',
    problem: `This version cannot use this adapter: its tensor "${name}" ${reason}.`,
    where: file,
    fix: 'Use an adapter for linear layers as PEFT saves it, with or without modules_to_save.',
  });
}

function contentsOf(
  { use_dora }: AdapterConfig,
  adapterOf: (layer: string) => Adapter,
  { tensors, file }: Pick<SafetensorsFile, 'tensors' | 'file'>,
) {
  const plan = new Map<string, Adapter>();
  const wholeTensors = new Map<string, readonly number[]>();
  for (const [name, { shape }] of tensors) {
    const own = name.startsWith(PEFT_PREFIX) && name.length <= LONGEST_NAME ? name.slice(PEFT_PREFIX.length) : '';
    if (COPY.test(own)) continue;
    const layer = (MATRIX.exec(own) ?? (use_dora ? MAGNITUDE.exec(own) : null))?.[1];
    if (layer !== undefined) plan.set(layer, plan.get(layer) ?? adapterOf(layer));
    else if (WHOLE.test(own) && !own.includes('.lora_')) wholeTensors.set(own, shape);
    else throw strangeTensor(name, file);
  }
  return { plan, wholeTensors };
}

/** Every module that was trained whole must be there. */
function assertWhole({ modules_to_save }: AdapterConfig, names: readonly string[], file: string) {
  const there = new Set(names.flatMap((name) => endsOf(name.replace(/\.(weight|bias)$/, ''))));
  const missing = (modules_to_save ?? []).filter((module) => !there.has(module));
  if (missing.length === 0) return;
  throw new UserError({
    code: 'model-invalid',
    problem: `By its config the adapter brings ${missing.join(', ')} whole, but its weights have nothing for it.`,
    where: file,
    fix: 'Use the adapter_config.json and the weights that were saved together.',
  });
}

async function readTensor(
  weights: SafetensorsFile,
  file: string,
  name: string,
  shape: readonly number[],
): Promise<Float32Array> {
  const info = weights.tensors.get(name);
  if (info?.shape.join() === shape.join()) {
    const values = await weights.read(name);
    assertFinite(values, name, file);
    return values;
  }
  throw new UserError({
    code: 'model-invalid',
    problem: info
      ? `Tensor "${name}" of the adapter has the shape [${info.shape}], but the model asks for [${shape}].`
      : `Tensor "${name}" is missing from the adapter.`,
    where: file,
    fix: 'Use the adapter with the model it was trained on.',
  });
}
