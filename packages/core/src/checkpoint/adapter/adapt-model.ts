import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.ts';
import { type LoraOptions, layersOf, planAdapters, withAdapters } from '../../model/adapters/lora.ts';
import type { BlockLinears, DecoderConfig } from '../../model/config.ts';
import { adapterParameters, type BaseParameter, baseParameters } from '../../model/parameters/parameter-table.ts';
import type { ParameterSpec } from '../../model/parameters/parameters.ts';
import { createRandom } from '../../random.ts';
import type { PretrainedModel } from '../pretrained/load-model.ts';
import { resizeVocabulary } from '../pretrained/resize-vocabulary.ts';
import { notOfThisModel, withAdaptersVocabulary } from './adapted-vocabulary.ts';
import { PEFT_PREFIX } from './adapter-config.ts';
import { assertFits } from './fit-adapter.ts';
import { freshAdapters, freshMagnitudes } from './fresh-adapter.ts';
import { openAdapter, type StoredAdapter } from './open-adapter.ts';
import { readAdapter } from './read-adapter.ts';
import type { AdapterContents } from './save-adapter.ts';
import { wholeParameters } from './whole-modules.ts';

/** A pretrained model with an adapter on it: its blocks and tensors include the adapter's. */
export interface AdaptedModel extends PretrainedModel {
  readonly adapter: AdapterContents;
  /** All parameters that belong to the adapter. */
  readonly trainable: readonly ParameterSpec[];
}

/** Apart from the streams that the data's order draws from. */
const ADAPTER_STREAM = 0xada97e5;

/** A new adapter, which changes nothing yet. @throws {UserError} for layers and modules the model does not have */
export function addFreshAdapter(
  model: PretrainedModel,
  { modulesToSave = [], seed, ...lora }: LoraOptions & { modulesToSave?: readonly string[] | undefined; seed: number },
): AdaptedModel {
  const blocks = withAdapters(model.blocks, planAdapters(model.blocks, lora));
  const matrices = freshMatrices(blocks, seed);
  const wholeModules = wholeParameters(model, modulesToSave);
  const adapted = new Map([...model.tensors, ...matrices]);
  const tensors = new Map([...adapted, ...freshMagnitudes(blocks, adapted)]);
  return {
    ...model,
    blocks,
    tensors,
    adapter: { lora, wholeModules },
    trainable: [...adapterParameters(blocks), ...wholeModules],
  };
}

/** The matrices that a new adapter of this seed begins with, by name. */
export const freshMatrices = (blocks: readonly BlockLinears[], seed: number): Map<string, tf.Tensor> =>
  freshAdapters(blocks, createRandom(seed, ADAPTER_STREAM));

/** An adapter in PEFT's layout. @throws {UserError} when it does not fit the model */
export async function addStoredAdapter(pretrained: PretrainedModel, folder: string): Promise<AdaptedModel> {
  const stored = await openAdapter(folder);
  try {
    assertFits(stored, layersOf(pretrained.blocks));
    const model = withTables(pretrained, await withAdaptersVocabulary(pretrained.config, stored));
    const blocks = withAdapters(model.blocks, stored.plan);
    const tensors = new Map([...model.tensors, ...(await readAdapter(stored, blocks))]);
    const wholeModules: BaseParameter[] = [];
    for (const [name, shape] of stored.wholeTensors) {
      if (name === model.config.head && model.config.tiedEmbeddings) continue; // equal to the embedding table
      const parameter = model.base.find(({ stored: [only, ...more] }) => only?.name === name && more.length === 0);
      if (!parameter) throw cannotPlace(name, model, stored);
      const values = await stored.read(`${PEFT_PREFIX}${name}`, parameter.shape);
      tensors.get(parameter.name)?.dispose();
      tensors.set(parameter.name, tf.tensor(values, [...shape], 'float32'));
      wholeModules.push(parameter);
    }
    const trainable = [...adapterParameters(blocks), ...wholeModules];
    return { ...model, blocks, tensors, adapter: { lora: stored.lora, wholeModules }, trainable };
  } finally {
    await stored.close();
  }
}

/** Layers that read the same input are one here, and none of them can be replaced by itself. */
function cannotPlace(name: string, { base }: PretrainedModel, adapter: StoredAdapter): UserError {
  const known = base.some(({ stored }) => stored.some((tensor) => tensor.name === name));
  if (!known) return notOfThisModel(adapter, `a tensor "${name}"`);
  return new UserError({
    code: 'model-unsupported',
    problem: `The adapter brings "${name}" whole, and this version reads it only together with the layers beside it.`,
    where: adapter.folder,
    fix: 'Merge the adapter first: counterweight export --model MODEL --adapter ADAPTER --to merged.',
  });
}

/** The model with the tables of the vocabulary that a config asks for. */
function withTables(model: PretrainedModel, config: DecoderConfig): PretrainedModel {
  const { vocabularySize, tiedEmbeddings, embedding, head } = config;
  const before = model.config.vocabularySize;
  const known = Math.min(vocabularySize, before);
  const sized =
    vocabularySize === before ? model : resizeVocabulary(model, { known, size: vocabularySize }, vocabularySize);
  if (tiedEmbeddings === model.config.tiedEmbeddings) return sized;
  const table = sized.tensors.get(embedding.name) as tf.Tensor;
  const tensors = new Map([...sized.tensors, [head, tf.clone(table)] as const]);
  return { ...sized, config, tensors, base: baseParameters(config, model.blocks) };
}
