import { readAdapterConfig } from '../checkpoint/adapter/read-adapter-config.ts';
import type { Vocabulary } from '../checkpoint/pretrained/resize-vocabulary.ts';
import { UserError } from '../errors.ts';
import type { DownloadProgress } from '../hub/fetch-file.ts';
import { locateModel, type ResolvedModel } from '../hub/locate-model.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { Recipe, RowSettings } from '../recipe/recipe.ts';
import type { EngineName } from '../tensor/engine.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import { openTextProcessing, type TextProcessingSource, tokenizerFolder } from '../tokenizer/text-processing.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { SettledTraining, TrainingOptions, TrainingOptionsInput } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { assertMap } from './assert-map.ts';
import { assertTaskOptions, type NamesOf } from './assert-task-options.ts';
import { resolveVocabulary } from './resolve-vocabulary.ts';

/** What every command needs: a recipe, a model, and how rows are weighted and cut. */
export interface TaskOptions<Row> {
  /** What turns a row into a prompt and an answer, and measures answers: `support()`, `plain()`, or your own. */
  readonly recipe: Recipe<Row>;
  /**
   * Folder of a Hugging Face model, a GGUF file, a hub id (`org/name`, `org/name@revision`, `org/name/file.gguf`), or an
   * installed package that is a model (`@counterweight/stories260k`). What exists here wins.
   */
  readonly model: string;
  /** Default: the one in the model's folder. Any Transformers.js tokenizer serves, through `fromTransformersJs`. */
  readonly tokenizer?: Tokenizer | undefined;
  /** How rows are read, weighted and trained on; each option has a default. */
  readonly training?: TrainingOptionsInput | undefined;
  /** Default `auto`: the fastest that loads. */
  readonly engine?: EngineName | 'auto' | undefined;
  /** How far the download of a file from the hub is. */
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
  /** Stops the work at its next item of any kind; the reason of the abort is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export const TASK_OPTIONS: NamesOf<TaskOptions<never>> = {
  recipe: true,
  model: true,
  tokenizer: true,
  training: true,
  engine: true,
  onDownload: true,
  signal: true,
};

/** A task whose tokenizer, lengths and loss weights are settled. No weights of the model are read yet. */
export interface Task<Row> {
  readonly recipe: Recipe<Row>;
  /** Of a GGUF the folder that stands for it. */
  readonly modelFolder: string;
  readonly gguf: ResolvedModel['gguf'];
  /** Where the model was downloaded from, if it was. */
  readonly hub: ResolvedModel['hub'];
  readonly adapter: ResolvedModel | undefined;
  readonly config: DecoderConfig;
  readonly tokenizer: Tokenizer;
  /** The model's chat template, where it is used; undefined where roles become text in the recipe's plain layout. */
  readonly chat: ChatTemplate | undefined;
  /** Where tokenizer and template come from; undefined with a tokenizer of the user's, which is not in a folder. */
  readonly textProcessing: TextProcessingSource | undefined;
  /** The tokens that the model is to have, where some are new to it. */
  readonly vocabulary: Vocabulary | undefined;
  readonly training: TrainingOptions;
  readonly promptLossWeight: number;
  readonly maxLength: number;
  /** Tokens of prompt and completion together, at most, for a row with these settings. */
  readonly maxLengthOf: (settings: RowSettings) => number;
  readonly signal: AbortSignal | undefined;
}

/** A task whose precision is settled (`settle-precision.ts`), so that its weights can be read. */
export type SettledTask<Row> = Task<Row> & { readonly training: SettledTraining };

/** @throws {UserError} for options, model folders and tokenizers that do not go together. */
export async function openTask<Row>(
  options: TaskOptions<Row> & { adapter?: string | undefined },
  wanted: 'tokenizer' | 'model' = 'model',
): Promise<Task<Row>> {
  assertTaskOptions(options);
  const { recipe } = options;
  const given = parseTrainingOptions(options.training);
  assertMap(recipe, given);
  const { folder: model, hub, gguf } = await locateModel(options.model, wanted, options);
  const adapter = options.adapter === undefined ? undefined : await locateModel(options.adapter, 'adapter', options);
  const asked = await withAdaptersQuantization(given, adapter?.folder);
  const place = { folder: tokenizerFolder(model, adapter?.folder), modelFolder: model };
  const { tokenizer, chat, training } = await openTextProcessing({ ...place, training: asked }, options.tokenizer);
  const { config, vocabulary } = await resolveVocabulary(options, { ...place, adapter, tokenizer, training });
  return {
    recipe,
    modelFolder: model,
    gguf,
    hub,
    adapter,
    config,
    tokenizer,
    chat,
    textProcessing: options.tokenizer ? undefined : { ...place, training },
    vocabulary,
    training,
    promptLossWeight: training.promptLossWeight ?? recipe.defaults.promptLossWeight,
    maxLength: maxLengthFor(training, recipe, config),
    maxLengthOf: (settings) => maxLengthFor(training, settings, config),
    signal: options.signal,
  };
}

/** An adapter is used with the weights that it was trained on, quantised as they were, unless something else is asked for. */
export async function withAdaptersQuantization(
  training: TrainingOptions,
  adapter: string | undefined,
): Promise<TrainingOptions> {
  if (adapter === undefined || training.quantize !== undefined) return training;
  const { base_model_quantization: own } = await readAdapterConfig(adapter);
  if (!own || own.quantize === 'stored') return training;
  return { ...training, quantize: own.quantize, quantizeEmbeddings: own.embeddings };
}

function maxLengthFor(
  training: TrainingOptions,
  { defaults }: Pick<RowSettings, 'defaults'>,
  config: DecoderConfig,
): number {
  const asked = training.maxLength;
  if (asked !== undefined && asked > config.contextLength) {
    throw new UserError({
      code: 'option-invalid',
      problem: `maxLength ${asked} is longer than the model's context of ${config.contextLength} tokens.`,
      where: 'option maxLength',
      fix: `Choose ${config.contextLength} or less.`,
    });
  }
  return asked ?? Math.min(defaults.maxLength, config.contextLength);
}
