import { ngramCounts } from './ngrams.ts';
import { wordsOf } from './words.ts';

/**
 * Share of the output's distinct n-grams that its source does not have (A. See, P. Liu, C. Manning, "Get To The Point",
 * ACL 2017, section 7), over {@link wordsOf}. 0 for an output of fewer than `n` words.
 */
export function novelNgrams(source: string, output: string, n: number): number {
  const known = ngramCounts(wordsOf(source), n);
  const given = [...ngramCounts(wordsOf(output), n).keys()];
  return given.length === 0 ? 0 : given.filter((ngram) => !known.has(ngram)).length / given.length;
}
