import { containsTerm, type Glossary } from '../glossary.ts';

export interface OutputWithGlossary {
  readonly hypothesis: string;
  /** Language of the output, BCP 47. */
  readonly language: string;
  readonly glossary: Glossary;
}

/**
 * Share of the terms in the outputs' glossaries whose translation the output has (`containsTerm`: any case, any
 * ending). Each term counts once an output. NaN where no term is asked for.
 */
export function glossaryCompliance(outputs: readonly OutputWithGlossary[]): number {
  let [asked, used] = [0, 0];
  for (const { hypothesis, language, glossary } of outputs) {
    for (const translation of Object.values(glossary)) {
      asked += 1;
      if (containsTerm(hypothesis, translation, language)) used += 1;
    }
  }
  return used / asked;
}
