import type { Step } from '../../tokenizer/tokenizer-json.ts';
import type { Metadata } from '../format/metadata.ts';
import { Kind, noToken } from './token-kinds.ts';

export const KEY = 'tokenizer.ggml.';

/** The vocabulary as GGUF lists it: tokens and kinds by id. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
}

/** What differs between the kinds of vocabulary. */
export interface TokenizerModel {
  readonly model: { readonly type: 'BPE'; readonly [field: string]: unknown };
  readonly normalizer: Step | null;
  readonly preTokenizer: Step | null;
  readonly decoder: Step;
  readonly addsBos: boolean;
}

/** @throws {UserError} naming the key that is wrong */
export function readVocabulary(metadata: Metadata): Vocabulary {
  const tokens = metadata.texts(`${KEY}tokens`);
  const kinds = metadata.numbers(`${KEY}token_type`) ?? tokens.map(() => Kind.normal);
  if (tokens.length === 0) metadata.refuse(`${KEY}tokens`, 'it is empty.');
  if (kinds.length !== tokens.length) {
    metadata.refuse(`${KEY}token_type`, `it has ${kinds.length} kinds for ${tokens.length} tokens.`);
  }
  const strange = kinds.find((kind) => !Object.values<number>(Kind).includes(kind) && kind !== 0);
  if (strange !== undefined) metadata.refuse(`${KEY}token_type`, `there is no kind ${strange}.`);
  if (new Set(tokens).size !== tokens.length) metadata.refuse(`${KEY}tokens`, 'a token is in it twice.');
  return { tokens, kinds };
}

/** Token → id, without those that only fill the list up. */
export function vocabOf({ tokens, kinds }: Vocabulary): Record<string, number> {
  const entries = [...tokens.entries()].filter(([id, token]) => kinds[id] !== Kind.unused || token !== noToken(id));
  return Object.fromEntries(entries.map(([id, token]) => [token, id]));
}
