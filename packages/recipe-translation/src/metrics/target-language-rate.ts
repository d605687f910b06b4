import type { MetricProgress } from '@counterweight/core/recipe';
import { languageIdentifier } from './identify-language.ts';

/** An output and the language that it was to be in. */
export interface OutputInLanguage {
  readonly hypothesis: string;
  /** BCP 47. */
  readonly language: string;
}

/**
 * Share of outputs that are in the language asked for, by `languageIdentifier`. Outputs in a language that it does not
 * know are left out; NaN when there are no others. Short sentences are hard: the references themselves score 0.99.
 */
export async function targetLanguageRate(
  outputs: readonly OutputInLanguage[],
  onProgress?: MetricProgress,
): Promise<number> {
  const identifier = await languageIdentifier();
  const known = outputs.filter(({ language }) => identifier.knows(language));
  let right = 0;
  for (const [i, { hypothesis, language }] of known.entries()) {
    if (identifier.isIn(hypothesis, language)) right++;
    await onProgress?.(i + 1, known.length);
  }
  return right / known.length;
}
