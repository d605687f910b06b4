import type { CorpusMetric, CorpusScore } from './corpus-metric.ts';
import { wordNumbers } from './ngrams.ts';
import { trimEnd } from './python-text.ts';
import { editsBetween } from './ter-edits.ts';
import { type TerTokenizerOptions, terTokens } from './ter-tokenizer.ts';

export type TerOptions = TerTokenizerOptions;

export interface TerScore extends CorpusScore {
  /** Insertions, deletions, substitutions and shifts. */
  readonly edits: number;
  /** Mean length of each segment's references, in words, added up. */
  readonly referenceLength: number;
}

/**
 * TER, translation edit rate (Snover et al., AMTA 2006) as sacreBLEU defines it after Tercom: the edits that turn the
 * output into the nearest reference, divided by the mean length of the references, in per cent. Lower is better; it can
 * exceed 100.
 */
export function ter(options: TerOptions = {}): CorpusMetric<TerScore> {
  const { normalized = false, noPunctuation = false, asianSupport = false, caseSensitive = false } = options;
  const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
  return {
    name: 'TER',
    direction: 'lower-is-better',
    settings: [
      `case:${caseSensitive ? 'mixed' : 'lc'}`,
      'tok:tercom',
      `norm:${yesOrNo(normalized)}`,
      `punct:${yesOrNo(!noPunctuation)}`,
      `asian:${yesOrNo(asianSupport)}`,
    ].join('|'),
    statistics(hypothesis, references) {
      const tokensOf = (text: string) => terTokens(trimEnd(text), options);
      // sacreBLEU tokenizes references twice, which changes possessives before a full stop when `normalized`. So here.
      const twice = references.map((reference) => tokensOf(tokensOf(reference).join(' ')));
      const [output, ...own] = wordNumbers([tokensOf(hypothesis), ...twice]);
      const edits = Math.min(...own.map((reference) => editsBetween(output!, reference)));
      return [edits, own.reduce((sum, reference) => sum + reference.length, 0) / own.length];
    },
    scoreOf([edits = 0, referenceLength = 0]) {
      // Nothing to divide by: an output where none is wanted is wholly wrong.
      const rate = referenceLength > 0 ? edits / referenceLength : edits > 0 ? 1 : 0;
      return { score: 100 * rate, edits, referenceLength };
    },
  };
}
