import type { Corpus } from './corpus-metric.ts';
import { codePoints } from './ngrams.ts';
import { withoutWhiteSpace } from './python-text.ts';

/**
 * Characters of the outputs divided by characters of the references, over the whole corpus; by code point, without white
 * space; of several references their mean. Below 1 the outputs are too short. (BLEU's own ratio counts tokens.)
 */
export function lengthRatio({ hypotheses, references }: Corpus): number {
  const lengthOf = (text: string) => codePoints(withoutWhiteSpace(text)).length;
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  const wanted = sum(references.map((own) => sum(own.map(lengthOf)) / own.length));
  return sum(hypotheses.map(lengthOf)) / wanted;
}
