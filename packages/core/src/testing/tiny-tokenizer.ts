import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';

export interface TinyTokenizerOptions {
  /** Whether texts begin with BOS (id 1). Default true. */
  readonly bos?: boolean;
  /** Whether a space is put before a text, as SentencePiece does. Default false. */
  readonly prefixSpace?: boolean;
}

/** Ids of the special tokens; bytes follow them. */
const BOS = 1;
const EOS = 2;
const FIRST_BYTE = 3;

/** A tokenizer for tests: one token a byte of UTF-8, after 0 (unused), 1 (BOS) and 2 (EOS). Vocabulary 259. */
export function tinyTokenizer({ bos = true, prefixSpace = false }: TinyTokenizerOptions = {}): Tokenizer {
  return {
    vocabularySize: FIRST_BYTE + 256,
    bosId: bos ? BOS : undefined,
    eosId: EOS,
    encode(piece: string, position: Position): number[] {
      const text = prefixSpace && position === 'start' && piece !== '' ? ` ${piece}` : piece;
      return Array.from(new TextEncoder().encode(text), (byte) => byte + FIRST_BYTE);
    },
    decode(ids: readonly number[], position: Position = 'start'): string {
      const bytes = Uint8Array.from(ids.filter((id) => id >= FIRST_BYTE).map((id) => id - FIRST_BYTE));
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      return prefixSpace && position === 'start' ? text.replace(/^ /, '') : text;
    },
  };
}
