import { wordsOf } from './words.ts';

/** How a summary was made of its source. All 0 for an output without words. */
export interface Extractiveness {
  /** Words of the source for each word of the output: |A| / |S|. */
  readonly compression: number;
  /** Share of the output's words that stand in a fragment of the source: Σ|f| / |S|. */
  readonly coverage: number;
  /** Mean length of the fragment that a word stands in: Σ|f|² / |S|. A high one means whole sentences were copied. */
  readonly density: number;
}

/**
 * Compression, extractive fragment coverage and density: M. Grusky, M. Naaman, Y. Artzi, "Newsroom: A Dataset of 1.3
 * Million Summaries with Diverse Extractive Strategies", NAACL 2018, section 4. One point differs from its published
 * code: words are those of {@link wordsOf}, in lower case and without punctuation, where that code takes spaCy's tokens.
 */
export function extractiveness(source: string, output: string): Extractiveness {
  const article = wordsOf(source);
  const summary = wordsOf(output);
  if (summary.length === 0) return { compression: 0, coverage: 0, density: 0 };
  const lengths = extractiveFragments(article, summary).map((fragment) => fragment.length);
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    compression: article.length / summary.length,
    coverage: sumOf(lengths) / summary.length,
    density: sumOf(lengths.map((length) => length ** 2)) / summary.length,
  };
}

/**
 * F(A, S) of the paper's figure 3: greedily, from the left, the longest run of the summary's words that the article
 * has as well. Its scan goes on behind a match, so that a longer match that begins inside another is not seen.
 */
export function extractiveFragments(article: readonly string[], summary: readonly string[]): string[][] {
  const fragments: string[][] = [];
  let i = 0;
  while (i < summary.length) {
    let longest = 0;
    let j = 0;
    while (j < article.length) {
      let length = 0;
      while (i + length < summary.length && summary[i + length] === article[j + length]) length += 1;
      longest = Math.max(longest, length);
      j += Math.max(length, 1);
    }
    if (longest > 0) fragments.push(summary.slice(i, i + longest));
    i += Math.max(longest, 1);
  }
  return fragments;
}
