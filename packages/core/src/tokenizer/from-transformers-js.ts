import { UserError } from '../errors.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { findBosId, findEosId } from './special-ids.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type Step, tokenizerConfigSchema, tokenizerJsonSchema } from './tokenizer-json.ts';

/**
 * A tokenizer object of Transformers.js (`@huggingface/transformers`, its forerunner `@xenova/transformers`) or of
 * `@huggingface/tokenizers`. Only what all three have in common is asked for here; none of them is a dependency.
 */
export interface TransformersJsTokenizer {
  encode(text: string): number[] | { ids: number[] };
  decode(ids: number[]): string;
}

/**
 * Takes any Transformers.js tokenizer. Those objects put a space before every piece they encode and can't be told not
 * to, so their settings are taken over rather than their methods, and the result is compared with them.
 * @throws {UserError} `tokenizer-invalid` when the settings can't be read from the object, or lead to other ids.
 * @example
 * ```ts
 * import { fineTune, fromTransformersJs, plain, type TransformersJsTokenizer } from '@counterweight/core';
 *
 * // const tokenizer = await AutoTokenizer.from_pretrained('org/name');
 * declare const tokenizer: TransformersJsTokenizer;
 * await fineTune({
 *   recipe: plain(),
 *   model: 'models/mine',
 *   tokenizer: fromTransformersJs(tokenizer),
 *   data: 'train.jsonl',
 *   output: 'runs/first',
 * });
 * ```
 */
export function fromTransformersJs(tokenizer: TransformersJsTokenizer): Tokenizer {
  const where = 'the Transformers.js tokenizer';
  const settings = settingsOf(tokenizer as unknown as ForeignParts);
  const json = tokenizerJsonSchema.safeParse(settings?.json);
  const config = tokenizerConfigSchema.safeParse(settings?.config ?? {});
  if (!json.success || !config.success) throw unusable('Its settings could not be found in the object.');
  const sources = { json: json.data, configs: [config.data], where };
  const ours = createTokenizer({
    json: json.data,
    bosId: findBosId(sources),
    eosId: findEosId(sources),
    where,
  });
  for (const text of ['Hello world', 'a', "It's 42 €, naïve — 你好\n\tend."]) {
    const theirs = withoutSpecialEnds(idsFrom(tokenizer.encode(text)), ours);
    if (theirs.join() !== ours.encode(text, 'start').join())
      throw unusable(`It encodes ${JSON.stringify(text)} otherwise.`);
  }
  return ours;
}

/** The inside of the three kinds of object, as far as their settings are concerned. */
interface ForeignParts {
  /** `@huggingface/transformers` 4 */
  readonly _tokenizerJSON?: unknown;
  readonly _tokenizerConfig?: unknown;
  /** `@huggingface/tokenizers` */
  readonly tokenizer?: unknown;
  readonly config?: unknown;
  /** `@xenova/transformers` 2, `@huggingface/transformers` 3: only the parts made from the settings are left. */
  readonly _tokenizer_config?: unknown;
  readonly model?: { readonly config?: unknown };
  readonly normalizer?: ForeignStep | null;
  readonly pre_tokenizer?: ForeignStep | null;
  readonly post_processor?: ForeignStep | null;
  readonly decoder?: ForeignStep | null;
  readonly added_tokens?: unknown;
}

interface ForeignStep {
  readonly config?: Step;
  /** A sequence of pre-tokenizers. */
  readonly tokenizers?: readonly ForeignStep[];
  /** Metaspace. */
  readonly replacement?: string;
  readonly prepend_scheme?: string;
  readonly addPrefixSpace?: boolean;
}

function settingsOf(foreign: ForeignParts): { json: unknown; config: unknown } | undefined {
  if (foreign._tokenizerJSON) return { json: foreign._tokenizerJSON, config: foreign._tokenizerConfig };
  if (foreign.tokenizer) return { json: foreign.tokenizer, config: foreign.config };
  if (!foreign.model?.config) return undefined;
  const json = {
    model: foreign.model.config,
    normalizer: stepOf(foreign.normalizer),
    pre_tokenizer: stepOf(foreign.pre_tokenizer),
    post_processor: stepOf(foreign.post_processor),
    decoder: stepOf(foreign.decoder),
    added_tokens: foreign.added_tokens,
  };
  return { json, config: foreign._tokenizer_config };
}

function stepOf(step: ForeignStep | null | undefined): object | null {
  if (!step) return null;
  if (step.tokenizers) return { type: 'Sequence', pretokenizers: step.tokenizers.map(stepOf) };
  if (step.config) return step.config;
  if (step.replacement === undefined) throw unusable('One of its steps does not say what it does.');
  const { replacement, prepend_scheme, addPrefixSpace } = step;
  return { type: 'Metaspace', replacement, prepend_scheme: addPrefixSpace === false ? 'never' : prepend_scheme };
}

function idsFrom(encoded: number[] | { ids: number[] }): number[] {
  return Array.isArray(encoded) ? encoded : encoded.ids;
}

/** Without the BOS in front and the EOS at the end that the object may add. */
function withoutSpecialEnds(ids: readonly number[], { bosId, eosId }: Tokenizer): readonly number[] {
  const start = ids[0] === bosId ? 1 : 0;
  return ids.slice(start, ids.at(-1) === eosId ? -1 : undefined);
}

function unusable(reason: string): UserError {
  return new UserError({
    code: 'tokenizer-invalid',
    problem: `This tokenizer object can't be used. ${reason}`,
    fix: 'Read the tokenizer from the model folder instead: await loadTokenizer(folder).',
  });
}
