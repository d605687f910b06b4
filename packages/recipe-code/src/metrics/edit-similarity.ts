import { type Metric, meanOf } from '@counterweight/core/recipe';
import { answerCode } from '../answer-code.ts';
import { normalisedCode } from '../normalised-code.ts';
import { answerOf, type CodeRow } from '../row.ts';

/**
 * How much of two texts stays when one is edited into the other, 0 to 1: 2·L / (|a| + |b|) with L the length of their
 * longest common subsequence, in code points; 1 for two empty texts. This is `Levenshtein.ratio`, and a hundredth of
 * rapidfuzz's and fuzzywuzzy's `fuzz.ratio`, which CodeXGLUE, RepoBench and CrossCodeEval call edit similarity.
 */
export function editSimilarity(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * commonSubsequence(left, right)) / total;
}

export const editSimilarityMetric: Metric<CodeRow> = meanOf({
  name: 'editSimilarity',
  direction: 'higher-is-better',
  definition:
    'Mean over the rows with an answer of 2·LCS / (|output| + |answer|) in characters (Levenshtein.ratio; fuzz.ratio ' +
    '/ 100), after taking off white space at the ends of lines and blank lines at both ends.',
  score(row, text) {
    const answer = answerOf(row);
    if (answer === undefined) return Number.NaN;
    return editSimilarity(normalisedCode(answerCode(row, text)), normalisedCode(answer));
  },
});

/** Length of the longest common subsequence: rows of the textbook table, two at a time. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (const character of a) {
    for (let j = 0; j < b.length; j++) {
      const skipped = Math.max(above[j + 1] ?? 0, row[j] ?? 0);
      row[j + 1] = character === b[j] ? (above[j] ?? 0) + 1 : skipped;
    }
    [above, row] = [row, above];
  }
  return above[b.length] ?? 0;
}
