/** Text to ids and back. One interface over every tokenizer; no tensors, no files. */
export interface Tokenizer {
  /** Ids the tokenizer can produce are below this number. */
  readonly vocabularySize: number;
  /** Begins every sequence, where the tokenizer's own settings ask for it. */
  readonly bosId: number | undefined;
  /** Ends every completion. */
  readonly eosId: number;
  /**
   * Ids of one piece of a text, without special tokens of the tokenizer's own (BOS, EOS).
   * `position` says whether the piece begins the text: a tokenizer that puts a space before a text does so only there.
   */
  encode(piece: string, position: 'start' | 'continuation'): number[];
  /**
   * The text of the ids, special tokens included except BOS and EOS of ours.
   * Decoding the concatenated ids of consecutive pieces gives the concatenated pieces, exactly.
   */
  decode(ids: readonly number[]): string;
}
