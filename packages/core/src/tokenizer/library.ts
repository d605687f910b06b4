import { Tokenizer } from '@huggingface/tokenizers';
import type { TokenizerConfig, TokenizerJson } from './tokenizer-json.ts';

/**
 * What is used of `@huggingface/tokenizers`. Its own declarations import each other without file extensions, which
 * strict module resolution reads as `any`.
 */
export interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
}

interface LibraryDecoder {
  text_decoder?: InstanceType<typeof TextDecoder>;
  /** The steps of a sequence. */
  readonly decoders?: readonly LibraryDecoder[];
}

/** @throws {Error} when the library does not know a part of the tokenizer. */
export function buildLibraryTokenizer(json: TokenizerJson, config: TokenizerConfig): LibraryTokenizer {
  const tokenizer: LibraryTokenizer & { readonly decoder: LibraryDecoder | null } = new Tokenizer(json, config);
  if (tokenizer.decoder) keepByteOrderMarks(tokenizer.decoder);
  return tokenizer;
}

/** The library's text decoder for byte tokens swallows a byte order mark (U+FEFF) that stands in the text. */
function keepByteOrderMarks(decoder: LibraryDecoder): void {
  if (decoder.text_decoder) decoder.text_decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const inner of decoder.decoders ?? []) keepByteOrderMarks(inner);
}
