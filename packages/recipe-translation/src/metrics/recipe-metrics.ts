import type { Metric, Prediction } from '@counterweight/core/recipe';
import { isWrittenWithoutSpaces } from '../languages.ts';
import type { TranslationOptions } from '../options.ts';
import { bleu } from './bleu.ts';
import { chrf, chrfPlusPlus } from './chrf.ts';
import type { CorpusMetric } from './corpus-metric.ts';
import { lengthRatio } from './length-ratio.ts';
import { targetLanguageRate } from './target-language-rate.ts';
import { ter } from './ter.ts';

/** A text that the model wrote and what it is measured by; an output can hold several. */
export interface JudgedText {
  readonly hypothesis: string;
  readonly references: readonly string[];
  /** BCP 47. */
  readonly language: string;
}

export type Judge<Row> = (prediction: Prediction<Row>) => readonly JudgedText[];

/** The metrics of every task. */
export function commonMetrics<Row>(
  judge: Judge<Row>,
  { bleuTokenizer }: Pick<TranslationOptions, 'bleuTokenizer'>,
): Metric<Row>[] {
  const of = (predictions: readonly Prediction<Row>[]) => predictions.flatMap(judge);
  const tokenizerOf = ({ language }: JudgedText) => {
    if (bleuTokenizer !== 'by-language') return bleuTokenizer;
    return isWrittenWithoutSpaces(language) ? 'char' : '13a';
  };
  const bleuOf = (text: JudgedText) => bleu({ tokenizer: tokenizerOf(text) });
  const sentenceBleuOf = (text: JudgedText) => bleu({ tokenizer: tokenizerOf(text), effectiveOrder: true });
  const overCorpus = (
    metricOf: (text: JudgedText) => CorpusMetric,
    ofSentence = metricOf,
  ): Pick<Metric<Row>, 'compute' | 'perRow'> => {
    // An output is often part of several corpora: all of them, and those that intervals are made of.
    const known = new WeakMap<Prediction<Row>, readonly Statistics[]>();
    const statisticsOf = (prediction: Prediction<Row>): readonly Statistics[] => {
      const statistics = known.get(prediction) ?? judge(prediction).map((text) => statisticsIn(metricOf(text), text));
      known.set(prediction, statistics);
      return statistics;
    };
    return {
      compute: async (predictions, onProgress) => {
        const segments: Statistics[] = [];
        for (const [i, prediction] of predictions.entries()) {
          segments.push(...statisticsOf(prediction));
          await onProgress?.(i + 1, predictions.length);
        }
        return scoreOf(metricOf(of(predictions.slice(0, 1))[0]!), segments);
      },
      perRow: (prediction) => {
        const texts = judge(prediction);
        return scoreOf(
          ofSentence(texts[0]!),
          texts.map((text) => statisticsIn(ofSentence(text), text)),
        );
      },
    };
  };
  const like = "As sacreBLEU's, over the corpus";
  return [
    {
      name: 'bleu',
      headline: true,
      direction: 'higher-is-better',
      definition: `${like}; tok:${tokenizerInWords(bleuTokenizer)}|smooth:exp|case:mixed|eff:no. 0 to 100. The score of a single output has eff:yes.`,
      ...overCorpus(bleuOf, sentenceBleuOf),
    },
    {
      name: 'chrf',
      headline: true,
      direction: 'higher-is-better',
      definition: `${like}; case:mixed|eff:yes|nc:6|nw:0|space:no, beta 2. 0 to 100.`,
      ...overCorpus(() => chrf()),
    },
    {
      name: 'chrfPlusPlus',
      direction: 'higher-is-better',
      definition: `${like}; case:mixed|eff:yes|nc:6|nw:2|space:no, beta 2. 0 to 100.`,
      ...overCorpus(() => chrfPlusPlus()),
    },
    {
      name: 'ter',
      direction: 'lower-is-better',
      definition: `${like}; case:lc|tok:tercom|norm:no|punct:yes|asian:no. Edits a hundred words of the references.`,
      ...overCorpus(() => ter()),
    },
    targetLanguage(of),
    {
      name: 'lengthDeviation',
      direction: 'lower-is-better',
      definition:
        '|1 − characters of the outputs / characters of the references|, without white space, over the corpus.',
      compute: (predictions) => Math.abs(1 - lengthRatio(corpusOf(of(predictions)))),
    },
  ];
}

const targetLanguage = <Row>(of: (predictions: readonly Prediction<Row>[]) => JudgedText[]): Metric<Row> => ({
  name: 'targetLanguageRate',
  direction: 'higher-is-better',
  definition:
    'Share of outputs in the language asked for, by eld 2.1.0 (medium). Languages that it does not know are left ' +
    'out. The references themselves score about 0.99.',
  compute: (predictions, onProgress) => targetLanguageRate(of(predictions), onProgress),
  perRow: (prediction) => targetLanguageRate(of([prediction])),
});

function tokenizerInWords(bleuTokenizer: TranslationOptions['bleuTokenizer']): string {
  return bleuTokenizer === 'by-language' ? '13a, and char for languages without spaces between words' : bleuTokenizer;
}

type Statistics = ReturnType<CorpusMetric['statistics']>;

const statisticsIn = (metric: CorpusMetric, { hypothesis, references }: JudgedText): Statistics =>
  metric.statistics(hypothesis, references);

/** The score of a corpus whose segments may be cut into tokens in different ways. */
function scoreOf(metric: CorpusMetric, segments: readonly Statistics[]): number {
  const sums: number[] = [];
  for (const statistics of segments) {
    for (const [at, value] of statistics.entries()) sums[at] = (sums[at] ?? 0) + value;
  }
  return metric.scoreOf(sums).score;
}

function corpusOf(texts: readonly JudgedText[]) {
  return {
    hypotheses: texts.map(({ hypothesis }) => hypothesis),
    references: texts.map(({ references }) => references),
  };
}
