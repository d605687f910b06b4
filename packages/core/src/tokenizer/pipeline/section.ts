/**
 * How a stretch of text begins: `text` at the beginning of the whole, `section` after a token that was cut out of it,
 * `middle` after more text that is not seen. Spaces that a tokenizer puts before a text depend on it.
 */
export type Beginning = 'text' | 'section' | 'middle';

/** Text on its way through normalizers. */
export interface Part {
  readonly text: string;
  readonly begins: Beginning;
}

/** A part on its way through pre-tokenizers, in pieces; only the first of them can begin otherwise than as a `section`. */
export interface Pieces {
  readonly pieces: readonly string[];
  readonly begins: Beginning;
}

export type Normalizer = (part: Part) => Part;
export type PreTokenizer = (pieces: Pieces) => Pieces;

/** Changes every piece by itself. */
export function changePieces({ pieces, begins }: Pieces, change: (piece: string, begins: Beginning) => string): Pieces {
  return { pieces: pieces.map((piece, i) => change(piece, i === 0 ? begins : 'section')), begins };
}

/** Cuts every piece into smaller ones; nothing empty is kept. */
export function cutPieces({ pieces, begins }: Pieces, cut: (piece: string) => readonly string[]): Pieces {
  const result: string[] = [];
  for (const piece of pieces) for (const part of cut(piece)) if (part !== '') result.push(part);
  // Where the beginning was cut away, what is left does not begin the text.
  const keeps = result.length > 0 && pieces[0]?.startsWith(result[0] as string);
  return { pieces: result, begins: keeps ? begins : 'section' };
}
