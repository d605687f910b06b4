import { readFileSync } from 'node:fs';
import { createTokenizer } from '../create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer.ts';
import { tokenizerJsonSchema } from '../tokenizer-json.ts';

/** Tokenizers and what the Rust package makes of hard texts: `test/reference/tokenizers/make_fixture.py`. */
interface Reference {
  readonly texts: readonly string[];
  /** Texts from all of Unicode's categories; of their ids each kind has a hash. */
  readonly random: readonly string[];
  readonly models: Record<string, object>;
  readonly kinds: Record<string, Kind>;
}

interface Kind {
  readonly base: string;
  readonly model: object;
  readonly ids: readonly string[];
  readonly hash: string;
}

export const reference: Reference = JSON.parse(
  readFileSync(new URL('../fixtures/reference-ids.json', import.meta.url), 'utf8'),
);

/** One of the reference's kinds; `<|end|>` ends a text. */
export function referenceTokenizer(name: string): Tokenizer {
  const kind = reference.kinds[name];
  const json = tokenizerJsonSchema.parse({ ...kind, model: { ...reference.models[kind?.base ?? ''], ...kind?.model } });
  const eosId = json.added_tokens.find(({ content }) => content === '<|end|>')?.id ?? 0;
  return createTokenizer({ json, bosId: undefined, eosId, where: name });
}
