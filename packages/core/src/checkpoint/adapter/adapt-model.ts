import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.ts';
import { type LoraOptions, partsOf, planAdapters, type SavedLora, withAdapters } from '../../model/adapters/lora.ts';
import type { DecoderConfig } from '../../model/config.ts';
import { adapterParameters, type BaseParameter, baseParameters } from '../../model/parameters/parameter-table.ts';
import type { ParameterSpec } from '../../model/parameters/parameters.ts';
import { createRandom } from '../../random.ts';
import type { PretrainedModel } from '../pretrained/load-model.ts';
import { resizeVocabulary } from '../pretrained/resize-vocabulary.ts';
import { freshAdapters, freshMagnitudes, readAdapter } from './adapter.ts';
import { PEFT_PREFIX } from './adapter-config.ts';
import { openAdapter, type StoredAdapter } from './read-adapter.ts';
import { savedParameters } from './whole-modules.ts';

/** A pretrained model with an adapter on it: its blocks and tensors include the adapter's. */
export interface AdaptedModel extends PretrainedModel {
  readonly lora: SavedLora;
  /** Parameters of the model that belong to the adapter as a whole. */
  readonly saved: readonly BaseParameter[];
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
  const matrices = freshAdapters(blocks, createRandom(seed, ADAPTER_STREAM));
  const saved = savedParameters(model, modulesToSave);
  const adapted = new Map([...model.tensors, ...matrices]);
  const tensors = new Map([...adapted, ...freshMagnitudes(blocks, adapted)]);
  return { ...model, blocks, tensors, lora, saved, trainable: [...adapterParameters(blocks), ...saved] };
}

/** An adapter in PEFT's layout. @throws {UserError} when it does not fit the model */
export async function addStoredAdapter(pretrained: PretrainedModel, folder: string): Promise<AdaptedModel> {
  const stored = await openAdapter(folder);
  try {
    const layers = new Set(partsOf(pretrained.blocks).map((part) => part.name));
    const strange = [...stored.plan.keys()].find((layer) => !layers.has(layer));
    if (strange !== undefined) throw misfit(folder, `a layer "${strange}"`);
    const model = await untied(withVocabularyOf(stored, pretrained), stored);
    const blocks = withAdapters(model.blocks, stored.plan);
    const tensors = new Map([...model.tensors, ...(await readAdapter(stored, blocks))]);
    const saved: BaseParameter[] = [];
    for (const [name, shape] of stored.saved) {
      if (name === model.config.head && !tensors.has(name)) continue; // tied, and equal to the embedding table: see `untied`
      const parameter = model.base.find(({ stored: [only, ...more] }) => only?.name === name && more.length === 0);
      if (!parameter) throw misfit(folder, `a module "${name}" of its own`);
      const values = await stored.read(`${PEFT_PREFIX}${name}`, parameter.shape);
      tensors.get(parameter.name)?.dispose();
      tensors.set(parameter.name, tf.tensor(values, [...shape], 'float32'));
      saved.push(parameter);
    }
    const trainable = [...adapterParameters(blocks), ...saved];
    return { ...model, blocks, tensors, lora: stored.lora, saved, trainable };
  } finally {
    await stored.close();
  }
}

const misfit = (folder: string, thing: string) =>
  new UserError({
    code: 'model-invalid',
    problem: `The adapter is for a model that has ${thing}; this one does not.`,
    where: folder,
    fix: 'Use the adapter with the model it was trained on.',
  });

/** The model with as many tokens as the adapter's own tables have. */
function withVocabularyOf(stored: StoredAdapter, model: PretrainedModel): PretrainedModel {
  const rows = storedRows(stored, model.config);
  const { vocabularySize } = model.config;
  if (rows === undefined || rows === vocabularySize) return model;
  return resizeVocabulary(model, { known: Math.min(rows, vocabularySize), size: rows }, rows);
}

/** Rows of the tables of the vocabulary that an adapter brings, if it brings any. */
export const storedRows = ({ saved }: StoredAdapter, { embedding, head }: DecoderConfig): number | undefined =>
  (saved.get(embedding.name) ?? saved.get(head))?.[0];

/**
 * In PEFT a trained module is a copy of its own, whether the embeddings are tied or not. So a tied model comes apart when
 * an adapter brings only one of the two, or two that differ.
 */
async function untied(model: PretrainedModel, stored: StoredAdapter): Promise<PretrainedModel> {
  const { embedding, head, tiedEmbeddings } = model.config;
  const brought = stored.saved.has(embedding.name) || stored.saved.has(head);
  if (!tiedEmbeddings || !brought || (await stored.haveEqual(embedding.name, head))) return model;
  const config = { ...model.config, tiedEmbeddings: false };
  const table = model.tensors.get(embedding.name) as tf.Tensor;
  const tensors = new Map([...model.tensors, [head, tf.clone(table)] as const]);
  return { ...model, config, tensors, base: baseParameters(config, model.blocks) };
}
