import { UserError } from '../../errors.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type BytesTrie, buildBytesTrie } from './token-bytes-trie.ts';

/** The tokens of a vocabulary by their bytes. */
export interface Vocabulary {
  readonly trie: BytesTrie;
  readonly bytesOf: (id: number) => Uint8Array | undefined;
}

const vocabularies = new WeakMap<Tokenizer, Vocabulary>();

/**
 * The vocabulary of a tokenizer, made once. All of ASCII that can be printed is there byte by byte, so that from everywhere
 * the shortest end can be written, a token a byte.
 * @throws {UserError} `tokenizer-invalid` for tokens that are no stretches of bytes, and where a byte has no token
 */
export function vocabularyOf(tokenizer: Tokenizer): Vocabulary {
  const known = vocabularies.get(tokenizer);
  if (known) return known;
  const { bytesOf, vocabularySize } = tokenizer;
  if (!bytesOf) throw unusable('Its tokens are no stretches of bytes: what one writes hangs on its neighbours.');
  const tokens = Array.from({ length: vocabularySize }, (_, id) => [id, bytesOf(id) ?? new Uint8Array()] as const);
  const written = tokens.filter(([, { length }]) => length > 0);
  const single = new Set(written.flatMap(([, bytes]) => (bytes.length === 1 ? [bytes[0]] : [])));
  for (let byte = 0x20; byte < 0x7f; byte++) {
    if (!single.has(byte)) throw unusable(`It has no token for ${JSON.stringify(String.fromCharCode(byte))} alone.`);
  }
  const vocabulary = { trie: buildBytesTrie(written), bytesOf };
  vocabularies.set(tokenizer, vocabulary);
  return vocabulary;
}

const unusable = (problem: string): UserError =>
  new UserError({
    code: 'tokenizer-invalid',
    problem: `With this tokenizer an output can't be held to a JSON schema. ${problem}`,
    where: 'the tokenizer of the model',
    fix: 'Ask for the answer without a schema, and look at it afterwards.',
  });
