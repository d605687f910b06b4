export interface OutputWithSource {
  readonly hypothesis: string;
  readonly source: string;
  readonly references: readonly string[];
}

/**
 * Share of outputs that are their source again, in any case and white space. Segments whose reference is the source
 * ("Berlin") are left out; NaN when there are no others.
 */
export function copiedSourceRate(outputs: readonly OutputWithSource[]): number {
  return shareOf(outputs, isCopy);
}

/** Share of outputs in which nothing is translated: the source again, or no text at all. Counted likewise. */
export function untranslatedRate(outputs: readonly OutputWithSource[]): number {
  return shareOf(outputs, (output) => isCopy(output) || output.hypothesis.trim() === '');
}

function shareOf(outputs: readonly OutputWithSource[], holds: (output: OutputWithSource) => boolean): number {
  const judged = outputs.filter(({ source, references }) => references.every((text) => plain(text) !== plain(source)));
  return judged.filter(holds).length / judged.length;
}

const isCopy = ({ hypothesis, source }: OutputWithSource) => plain(hypothesis) === plain(source);

const plain = (text: string) => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
