import { UserError } from '../errors.ts';
import type { SettledTraining } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { baseQuantization } from './adapter/adapter-config.ts';
import { saveAdapter } from './adapter/save-adapter.ts';
import { type ModelSource, openDecoder } from './open-decoder.ts';
import { saveModel } from './pretrained/save-model.ts';
import { saveTokenizer } from './pretrained/save-tokenizer.ts';

/** A pretrained model made ready for training, and the way its result is saved. */
export interface TrainableModel {
  readonly decoder: TrainableDecoder;
  /** Writes what was trained: the adapter, or the whole model. */
  save(folders: { readonly adapter: string; readonly model: string }): Promise<void>;
}

/** What a model is trained from, beside its own folder. */
export interface TrainedFrom extends Omit<ModelSource, 'folder'> {
  /** How a saved adapter names the model: by default its folder. */
  readonly baseModel?: string | undefined;
  /** Where tokenizer and templates lie: by default in the model's folder. */
  readonly tokenizerFolder?: string | undefined;
  /** Tokens that end an answer: what is saved names them. */
  readonly stopIds?: readonly number[] | undefined;
}

/** Reads the model and decides what is trained: every weight, or an adapter, fresh or stored, on frozen weights. */
export async function openTrainableModel(
  folder: string,
  training: SettledTraining,
  { baseModel = folder, tokenizerFolder = folder, stopIds = [], ...source }: TrainedFrom = {},
): Promise<TrainableModel> {
  if (source.adapter !== undefined && training.method === 'full') {
    throw new UserError({
      code: 'option-invalid',
      problem: 'An adapter cannot be trained further when every weight is trained.',
      where: 'options adapter and method',
      fix: 'Train with method lora, or merge the adapter first: counterweight export --to merged.',
    });
  }
  const { decoder, model } = await openDecoder({ folder, ...source }, training, { train: true });
  const { config, base, blocks, adapter } = model;
  const { parameters } = decoder;
  const { addTokens } = training;
  return {
    decoder,
    save: async (folders) => {
      if (!adapter)
        return saveModel(folders.model, { parameters, config, base, sourceFolder: folder, addTokens, stopIds });
      const quantization = baseQuantization(training);
      await saveAdapter(folders.adapter, { parameters, config, blocks, adapter, baseModel, quantization });
      // Whoever uses it needs its tokens, those too that cut a text elsewhere without being new to the vocabulary;
      // without any the model's tokenizer is the adapter's too.
      if (addTokens?.length || tokenizerFolder !== folder)
        await saveTokenizer(tokenizerFolder, folders.adapter, addTokens);
    },
  };
}
