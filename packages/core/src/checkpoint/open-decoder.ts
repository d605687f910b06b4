import { withLoraPlus } from '../model/adapters/lora.ts';
import type { DecoderConfig } from '../model/config.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';
import type { ParameterSpec } from '../model/parameters/parameters.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import type { SettledTraining } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { type AdaptedModel, addFreshAdapter, addStoredAdapter } from './adapter/adapt-model.ts';
import { modulesToTrain } from './adapter/whole-modules.ts';
import { loadModel, type PretrainedModel } from './pretrained/load-model.ts';
import { resizeVocabulary, type Vocabulary } from './pretrained/resize-vocabulary.ts';

/** What a model is made of. */
export interface ModelSource {
  /** Of the pretrained model. */
  readonly folder: string;
  /** Folder of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** The tokens it is to have, where some are new. */
  readonly vocabulary?: Vocabulary | undefined;
  /** Heard while the weights are read. */
  readonly signal?: AbortSignal | undefined;
}

/** A model whose tensors are its decoder's parameters; `adapter` where it has one. */
export type OpenModel = Omit<PretrainedModel, 'tensors'> & Partial<Pick<AdaptedModel, 'adapter' | 'trainable'>>;

/**
 * Opens a model, for training or for use: reads the checkpoint, gives the tables of the vocabulary their rows, puts the
 * adapter on, and gives the tensors to a parameter store. The caller disposes `decoder.parameters`.
 * @param train whether anything is: every weight, or an adapter, which is a fresh one where the source has none
 * @throws {UserError} for what cannot be read, does not fit together, or names layers that the model does not have
 */
export async function openDecoder(
  source: ModelSource,
  training: SettledTraining,
  { train }: { train: boolean },
): Promise<{ decoder: TrainableDecoder; model: OpenModel }> {
  const { tensors, ...model } = withDropout(await readAdapted(source, training, train), training);
  const { config, blocks } = model;
  const specs = train ? trained(model, training) : [];
  const adapted = 'adapter' in model ? model.trainable : specs;
  const parameters = createParameterStore(tensors, specs, training.precision, adapted);
  const adapterDropout = 'adapter' in model ? model.adapter.lora.dropout : 0;
  return { decoder: { config, blocks, parameters, recompute: train && training.recompute, adapterDropout }, model };
}

/** An adapter that is trained further keeps its own dropout, unless there is another one asked for. */
function withDropout(model: PretrainedModel | AdaptedModel, { loraDropout }: SettledTraining) {
  if (!('adapter' in model)) return model;
  const { lora } = model.adapter;
  const dropout = loraDropout ?? lora.dropout ?? 0;
  return { ...model, adapter: { ...model.adapter, lora: { ...lora, dropout } } };
}

async function readAdapted(
  { folder, adapter, vocabulary, signal }: ModelSource,
  training: SettledTraining,
  train: boolean,
): Promise<PretrainedModel | AdaptedModel> {
  const precision = train ? precisionToTrainFrom(training, vocabulary) : training.precision;
  const quantization = train && training.method === 'full' ? undefined : { ...training, vocabulary };
  const read = await loadModel(folder, precision, { signal, quantization });
  const model = vocabulary ? resizeVocabulary(read, vocabulary) : read;
  if (adapter !== undefined) return addStoredAdapter(model, adapter);
  if (!train || training.method === 'full') return model;
  return addFreshAdapter(model, adapterOptions(training, model.config, vocabulary));
}

/** What is trained whole begins at the checkpoint's own values, not at rounded ones. */
function precisionToTrainFrom(
  { method, modulesToSave, precision }: SettledTraining,
  vocabulary: Vocabulary | undefined,
): Precision {
  const someWhole = method === 'full' || vocabulary !== undefined || modulesToSave?.length;
  return someWhole ? 'f32' : precision;
}

export const adapterOptions = (
  { loraRank, loraAlpha, loraTargets, rsLora, dora, modulesToSave, seed }: SettledTraining,
  config: DecoderConfig,
  vocabulary: Vocabulary | undefined,
) => ({
  rank: loraRank,
  alpha: loraAlpha,
  targets: loraTargets,
  rsLora,
  dora,
  modulesToSave: modulesToTrain({ modulesToSave, vocabulary }, config),
  seed,
});

const trained = ({ base, trainable }: OpenModel, { loraPlusRatio }: SettledTraining): readonly ParameterSpec[] =>
  trainable ? withLoraPlus(trainable, loraPlusRatio) : base;
