/** U+2581, which SentencePiece-style tokenizers write for a space. */
export const SPACE_MARK = '\u2581';
