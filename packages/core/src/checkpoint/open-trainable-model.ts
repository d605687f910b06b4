import { UserError } from '../errors.ts';
import { withLoraPlus } from '../model/adapters/lora.ts';
import type { DecoderConfig } from '../model/config.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';
import type { TrainingOptions } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { addFreshAdapter, addStoredAdapter } from './adapter/adapt-model.ts';
import { saveAdapter } from './adapter/adapter.ts';
import { vocabularyModules } from './adapter/whole-modules.ts';
import { loadModel, type PretrainedModel } from './pretrained/load-model.ts';
import { resizeVocabulary, type Vocabulary } from './pretrained/resize-vocabulary.ts';
import { saveModel } from './pretrained/save-model.ts';
import { saveTokenizer } from './pretrained/save-tokenizer.ts';

/** A pretrained model made ready for training, and the way its result is saved. */
export interface TrainableModel {
  readonly decoder: TrainableDecoder;
  /** Writes what was trained: the adapter, or the whole model. */
  save(folders: { readonly adapter: string; readonly model: string }): Promise<void>;
}

/** What a model is trained from, beside its own folder. */
export interface TrainedFrom {
  /** An adapter's folder. */
  readonly adapter?: string | undefined;
  /** How a saved adapter names the model: by default its folder. */
  readonly baseModel?: string | undefined;
  /** Where tokenizer and templates lie: by default in the model's folder. */
  readonly words?: string | undefined;
  /** The tokens it is to have, where some are new. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** Reads the model and decides what is trained: every weight, or an adapter, fresh or stored, on frozen weights. */
export async function openTrainableModel(
  folder: string,
  training: TrainingOptions,
  from: TrainedFrom = {},
): Promise<TrainableModel> {
  if (training.method === 'lora') return openWithAdapter(folder, training, from);
  if (from.adapter === undefined) return openWhole(folder, training, from);
  throw new UserError({
    code: 'option-invalid',
    problem: 'An adapter cannot be gone on with when every weight is trained.',
    where: 'options adapter and method',
    fix: 'Train with method lora, or merge the adapter first: counterweight export --to merged.',
  });
}

async function openWhole(
  folder: string,
  { precision, recompute, addTokens }: TrainingOptions,
  { vocabulary }: TrainedFrom,
): Promise<TrainableModel> {
  const { config, blocks, base, tensors } = withVocabulary(await loadModel(folder), vocabulary);
  const parameters = createParameterStore(tensors, base, precision);
  return {
    decoder: { config, blocks, parameters, recompute },
    save: ({ model }) => saveModel(model, { parameters, config, base, sourceFolder: folder, addTokens }),
  };
}

async function openWithAdapter(
  folder: string,
  training: TrainingOptions,
  { adapter: from, baseModel = folder, words = folder, vocabulary }: TrainedFrom,
): Promise<TrainableModel> {
  const wholeModules = vocabulary !== undefined || training.modulesToSave?.length;
  // Modules that are trained whole begin at the checkpoint's own values, not at rounded ones.
  const model = await loadModel(folder, wholeModules ? 'f32' : training.precision);
  const adapted =
    from === undefined
      ? addFreshAdapter(withVocabulary(model, vocabulary), adapterOptions(training, model.config, vocabulary))
      : await addStoredAdapter(model, from);
  const { config, blocks, tensors, lora, saved, trainable } = adapted;
  const rated = withLoraPlus(trainable, training.loraPlusRatio);
  const parameters = createParameterStore(tensors, rated, training.precision);
  return {
    decoder: { config, blocks, parameters, recompute: training.recompute },
    save: async ({ adapter }) => {
      await saveAdapter(adapter, { parameters, config, blocks, lora, saved, baseModel });
      // Whoever uses it needs its tokens, those too that cut a text elsewhere without being new to the vocabulary;
      // without any the model's tokenizer is the adapter's too.
      if (training.addTokens?.length || words !== folder) await saveTokenizer(words, adapter, training.addTokens);
    },
  };
}

const withVocabulary = (model: PretrainedModel, vocabulary: Vocabulary | undefined): PretrainedModel =>
  vocabulary ? resizeVocabulary(model, vocabulary) : model;

/** New tokens mean nothing to a frozen table: it is trained whole then. */
const adapterOptions = (
  { loraRank, loraAlpha, loraTargets, rsLora, dora, modulesToSave = [], seed }: TrainingOptions,
  config: DecoderConfig,
  vocabulary: Vocabulary | undefined,
) => ({
  rank: loraRank,
  alpha: loraAlpha,
  targets: loraTargets,
  rsLora,
  dora,
  modulesToSave: vocabulary ? [...modulesToSave, ...vocabularyModules(config)] : modulesToSave,
  seed,
});
