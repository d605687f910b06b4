/** Between the names of an answer. Catalogue names have commas in them, but no line breaks. */
export const SEPARATOR = '\n';

/** The answer to *likely returned* when everything is kept. */
export const NOTHING = 'nothing';

/**
 * What the model is to write for a list of names, each name and each separator by itself: generation that is constrained
 * to the catalogue puts its tokens together the same way.
 */
export function answerPieces(names: readonly string[]): string[] {
  if (names.length === 0) return [NOTHING];
  return names.flatMap((name, at) => (at === 0 ? [name] : [SEPARATOR, name]));
}
