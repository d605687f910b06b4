import { type Metric, meanOf } from '@counterweight/core/recipe';
import { z } from 'zod';
import { extractiveness } from './extractive-fragments.ts';
import { unsupportedNames } from './faithful-names.ts';
import { unsupportedNumbers } from './faithful-numbers.ts';
import { novelNgrams } from './novel-ngrams.ts';
import { rougeL, rougeLsum, rougeN } from './rouge.ts';
import type { RougeTokenizer } from './rouge-tokens.ts';
import { wordsOf } from './words.ts';

/** The option of the tasks that are measured with ROUGE. */
export const rougeOption = {
  /**
   * How ROUGE cuts texts into tokens. Default `ascii`, the reference implementation's, which other people's numbers are
   * made with; `unicode` for languages that it would take the letters from.
   */
  rougeTokenizer: z.enum(['ascii', 'unicode']).default('ascii').describe('how ROUGE splits texts into words'),
};

export interface Summarized {
  readonly source: string;
  readonly summary?: string | undefined;
}

interface SummaryScore {
  readonly name: string;
  readonly definition: string;
  readonly score: (row: Summarized, text: string) => number;
}

/** The metrics that every summary has. All of them are 0 for an output without words, which is no summary. */
export function summaryMetrics<Row extends Summarized>({
  rougeTokenizer: tokenizer,
}: {
  readonly rougeTokenizer: RougeTokenizer;
}): Metric<Row>[] {
  const inDirection = (direction: Metric<Row>['direction'], scores: readonly SummaryScore[]) =>
    scores.map(({ name, definition, score }) => {
      const ofWords = (row: Row, text: string) => (wordsOf(text).length === 0 ? 0 : score(row, text));
      // The one of ROUGE’s that papers on summaries of conversations lead with.
      const headline = name === 'rougeL' && { headline: true as const };
      return meanOf<Row>({ name, direction, definition, ...headline, score: ofWords });
    });
  return [
    ...inDirection('higher-is-better', rougeScores(tokenizer)),
    ...inDirection('descriptive', EXTRACTION),
    ...inDirection('higher-is-better', FAITHFULNESS),
  ];
}

function rougeScores(tokenizer: RougeTokenizer): SummaryScore[] {
  const how =
    tokenizer === 'ascii'
      ? 'as rouge_score with use_stemmer=True: lower case, a–z and 0–9 only, Porter’s stems of words over 3 letters'
      : 'as rouge_score with use_stemmer=True, except that tokens are runs of letters and digits of any script';
  const options = { tokenizer };
  const scoreOf = (name: string, what: string, f1: (reference: string, text: string) => number): SummaryScore => ({
    name,
    definition: `Mean F1 of ${what} with the reference, ${how}. Left out where a row has no reference.`,
    score: ({ summary }, text) => (summary ? f1(summary, text) : Number.NaN),
  });
  return [
    scoreOf('rouge1', 'the words shared', (reference, text) => rougeN(reference, text, 1, options).f1),
    scoreOf('rouge2', 'the pairs of words shared', (reference, text) => rougeN(reference, text, 2, options).f1),
    scoreOf('rougeL', 'the longest common subsequence', (reference, text) => rougeL(reference, text, options).f1),
    scoreOf(
      'rougeLsum',
      'the union of the longest common subsequences of the lines, which are the sentences,',
      (reference, text) => rougeLsum(reference, text, options).f1,
    ),
  ];
}

const EXTRACTION: readonly SummaryScore[] = [
  {
    name: 'compression',
    definition: `Mean of words of the source divided by words of the output (Grusky et al. 2018).`,
    score: ({ source }, text) => extractiveness(source, text).compression,
  },
  {
    name: 'coverage',
    definition: `Mean share of words that stand in fragments of the source (Grusky et al. 2018).`,
    score: ({ source }, text) => extractiveness(source, text).coverage,
  },
  {
    name: 'density',
    definition: `Mean length of the fragment of the source a word stands in (Grusky et al. 2018).`,
    score: ({ source }, text) => extractiveness(source, text).density,
  },
  {
    name: 'novelBigrams',
    definition: `Mean share of distinct pairs of words that the source does not have (See et al. 2017).`,
    score: ({ source }, text) => novelNgrams(source, text, 2),
  },
];

const FAITHFULNESS: readonly SummaryScore[] = [
  {
    name: 'faithfulNumbers',
    definition:
      'Share of outputs all of whose numbers the source has: in digits (1,234.50 is 1234.5), or as the words two to ' +
      'ninety-nine. An output without numbers is faithful, one without words is not.',
    score: ({ source }, text) => (unsupportedNumbers(source, text).length === 0 ? 1 : 0),
  },
  {
    name: 'faithfulNames',
    definition:
      'Share of outputs all of whose proper names the source has, in capital or small letters: words with a capital ' +
      'first letter, the first of a sentence only before another. An output without names is faithful, one without ' +
      'words is not.',
    score: ({ source }, text) => (unsupportedNames(source, text).length === 0 ? 1 : 0),
  },
];
