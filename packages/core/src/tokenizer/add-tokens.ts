import { UserError } from '../errors.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/**
 * A `tokenizer.json` that knows more tokens: each is cut out of a text before anything else happens to it, and has the
 * next free id, in the order given. Tokens that are there already keep their ids. They are not special: decoding for
 * people keeps them, as transformers does with `tokenizer.add_tokens`.
 * @throws {UserError} `option-invalid` for an empty token
 */
export function addTokens(json: TokenizerJson, tokens: readonly string[]): TokenizerJson {
  if (tokens.includes('')) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'An empty text can be no token.',
      where: 'option addTokens',
      fix: 'Leave it out.',
    });
  }
  const known = new Set(json.added_tokens.map(({ content }) => content));
  const fresh = [...new Set(tokens)].filter((token) => !known.has(token));
  const first = nextFreeId(json);
  let used = 0;
  const added = fresh.map((content) => ({
    id: idInVocabulary(json, content) ?? first + used++,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: false,
  }));
  return { ...json, added_tokens: [...json.added_tokens, ...added] };
}

/** One more than the largest id. */
export function nextFreeId({ model: { vocab }, added_tokens }: TokenizerJson): number {
  let largest = Array.isArray(vocab) ? vocab.length - 1 : -1;
  if (!Array.isArray(vocab)) for (const id of Object.values(vocab)) largest = Math.max(largest, id);
  for (const { id } of added_tokens) largest = Math.max(largest, id);
  return largest + 1;
}

function idInVocabulary({ model: { vocab } }: TokenizerJson, token: string): number | undefined {
  if (!Array.isArray(vocab)) return Object.hasOwn(vocab, token) ? vocab[token] : undefined;
  const place = vocab.findIndex(([piece]) => piece === token);
  return place < 0 ? undefined : place;
}
