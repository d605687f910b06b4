/**
 * A metric of a whole corpus that is determined by sums over its segments: what BLEU, chrF and TER have in common, and
 * what makes bootstrap resampling cheap.
 */
export interface CorpusMetric<Score extends CorpusScore = CorpusScore> {
  /** As sacreBLEU prints it: `BLEU`, `chrF2++`, `TER`. */
  readonly name: string;
  readonly direction: 'higher-is-better' | 'lower-is-better';
  /**
   * The sufficient statistics of one segment: always as many numbers, to be added up over segments.
   * @param references one or more translations of the same source.
   */
  statistics(hypothesis: string, references: readonly string[]): readonly number[];
  /** The score that the sums of the statistics amount to. */
  scoreOf(sums: readonly number[]): Score;
  /** The metric's own part of sacreBLEU's signature: `case:mixed|eff:no|tok:13a|smooth:exp`. */
  readonly settings: string;
}

export interface CorpusScore {
  /** 0 to 100; TER has no upper bound. */
  readonly score: number;
}

/** A corpus: an output and one or more references for each segment. */
export interface Corpus {
  readonly hypotheses: readonly string[];
  /** `references[i]` are the references of segment `i` (sacreBLEU takes them the other way round, as whole streams). */
  readonly references: readonly (readonly string[])[];
}

/**
 * The score of a corpus.
 * @throws {RangeError} when there are no segments, or a segment without a reference.
 */
export function corpusScore<Score extends CorpusScore>(metric: CorpusMetric<Score>, corpus: Corpus): Score {
  return metric.scoreOf(sumOf(corpusStatistics(metric, corpus)));
}

/** The statistics of every segment. */
export function corpusStatistics(metric: CorpusMetric, { hypotheses, references }: Corpus): (readonly number[])[] {
  if (hypotheses.length !== references.length) {
    throw new RangeError(`There are ${hypotheses.length} hypotheses and references for ${references.length} segments.`);
  }
  if (hypotheses.length === 0) throw new RangeError('There is no segment to score.');
  return hypotheses.map((hypothesis, segment) => {
    const own = references[segment] ?? [];
    if (own.length === 0) throw new RangeError(`Segment ${segment} has no reference.`);
    return metric.statistics(hypothesis, own);
  });
}

/** The score of one segment. BLEU needs `effectiveOrder: true` for it to say much. */
export function sentenceScore<Score extends CorpusScore>(
  metric: CorpusMetric<Score>,
  hypothesis: string,
  references: readonly string[],
): Score {
  return corpusScore(metric, { hypotheses: [hypothesis], references: [references] });
}

function sumOf(statistics: readonly (readonly number[])[]): number[] {
  const sums = (statistics[0] ?? []).map(() => 0);
  for (const segment of statistics) for (let i = 0; i < sums.length; i++) sums[i]! += segment[i]!;
  return sums;
}
