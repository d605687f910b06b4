import { UserError } from '../errors.ts';
import { flatSteps, type TokenizerConfig, type TokenizerJson } from './tokenizer-json.ts';

/** Where the ids of the special tokens may be found, the first that has one wins. */
export interface SpecialIdSources {
  readonly json: TokenizerJson;
  /** `tokenizer_config.json`, then `special_tokens_map.json`. */
  readonly configs: readonly TokenizerConfig[];
  /** `generation_config.json`, then the model's `config.json`. */
  readonly models?: readonly ModelTokenIds[];
  /** For messages: the folder. */
  readonly where: string;
}

/** The special tokens as a model's own settings name them. */
export interface ModelTokenIds {
  readonly bos_token_id?: number | readonly number[] | null | undefined;
  readonly eos_token_id?: number | readonly number[] | null | undefined;
}

/**
 * The id that begins a text, where the tokenizer's settings ask for one: `add_bos_token` decides where it is given,
 * otherwise what the post-processor puts first.
 */
export function findBosId({ json, configs, models, where }: SpecialIdSources): number | undefined {
  const wanted = configs.map((config) => config.add_bos_token).find((value) => typeof value === 'boolean');
  if (wanted === false) return undefined;
  const written = writtenFirst(json);
  if (written !== undefined || !wanted) return written;
  return namedId({ json, configs, where }, 'bos_token') ?? takeExamples(models?.map((model) => model.bos_token_id));
}

/** The id of BOS, whether texts begin with it or only templates write it; undefined where there is none. */
export function findNamedBosId(sources: SpecialIdSources): number | undefined {
  const { json, configs, models } = sources;
  const named = configs.map((config) => config.bos_token).find((value) => typeof value === 'string');
  const id = typeof named === 'string' ? idOfToken(json, named) : undefined;
  return findBosId(sources) ?? id ?? takeExamples(models?.map((model) => model.bos_token_id));
}

/** The id that ends a text. @throws {UserError} `tokenizer-invalid` when no file names one. */
export function findEosId({ json, configs, models, where }: SpecialIdSources): number {
  const id = namedId({ json, configs, where }, 'eos_token') ?? takeExamples(models?.map((model) => model.eos_token_id));
  if (id !== undefined) return id;
  throw new UserError({
    code: 'tokenizer-invalid',
    problem: 'The tokenizer has no end-of-sequence token, so a model could never learn to stop.',
    where,
    fix: 'Name it in tokenizer_config.json, for example "eos_token": "</s>".',
  });
}

/** All ids that end a text by the model's own settings, `findEosId`'s among them or not. */
export function findStopIds({ models = [] }: SpecialIdSources): number[] {
  return models.map((model) => [model.eos_token_id ?? []].flat()).find((ids) => ids.length > 0) ?? [];
}

/** The special token with which the post-processor begins a text. */
function writtenFirst(json: TokenizerJson): number | undefined {
  for (const step of flatSteps(json.post_processor)) {
    if (step.type !== 'TemplateProcessing') continue;
    const first = step.single?.[0]?.SpecialToken;
    const tokens = step.special_tokens ?? {};
    const ids = first && Object.hasOwn(tokens, first.id) ? tokens[first.id]?.ids : undefined;
    const id = first && (ids?.[0] ?? idOfToken(json, first.id));
    if (id !== undefined) return id;
  }
  return undefined;
}

function namedId(sources: SpecialIdSources, name: 'bos_token' | 'eos_token'): number | undefined {
  const token = sources.configs.map((config) => config[name]).find((value) => typeof value === 'string');
  if (token === undefined || token === null) return undefined;
  const id = idOfToken(sources.json, token);
  if (id !== undefined) return id;
  throw new UserError({
    code: 'tokenizer-invalid',
    problem: `The ${name} ${JSON.stringify(token)} is not in the tokenizer's vocabulary.`,
    where: sources.where,
    fix: `Name a token of the vocabulary as ${name} in tokenizer_config.json.`,
  });
}

function idOfToken(json: TokenizerJson, token: string): number | undefined {
  const added = json.added_tokens.find(({ content }) => content === token);
  if (added) return added.id;
  const { vocab } = json.model;
  if (!Array.isArray(vocab)) return Object.hasOwn(vocab, token) ? vocab[token] : undefined;
  const place = vocab.findIndex(([piece]) => piece === token);
  return place < 0 ? undefined : place;
}

function takeExamples(values: readonly (number | readonly number[] | null | undefined)[] = []): number | undefined {
  return values.flatMap((value) => value ?? [])[0];
}
