import { percentileInterval, resample } from '@counterweight/core/recipe';
import { type Corpus, type CorpusMetric, corpusStatistics } from './corpus-metric.ts';
import { numpyRandom } from './numpy-random.ts';

export interface PairedBootstrapOptions {
  /** Outputs of the system to compare with: the model before fine-tuning, or with prompt weight 0. */
  readonly baseline: readonly string[];
  readonly system: readonly string[];
  /** `references[i]` are the references of segment `i`. */
  readonly references: Corpus['references'];
  /** Default 1000. */
  readonly samples?: number;
  /** Default 12345, sacreBLEU's own. */
  readonly seed?: number;
}

/** A score with what resampling says of it. */
export interface BootstrapScore {
  readonly score: number;
  /** Mean over the samples. */
  readonly mean: number;
  /** Half the width of the middle 95 % of the samples. */
  readonly interval: number;
}

export interface PairedBootstrapResult {
  readonly baseline: BootstrapScore;
  readonly system: BootstrapScore;
  /** How likely a difference as large would be if the two did not differ. */
  readonly pValue: number;
}

/** Defaults of sacreBLEU's `--paired-bs`. */
export const BOOTSTRAP_DEFAULTS = { samples: 1000, seed: 12345 } as const;

/**
 * Paired bootstrap resampling (Koehn, EMNLP 2004) as sacreBLEU defines it: the same segments are drawn with replacement
 * for both systems; with d the difference of the scores and dᵢ of sample i, both without sign,
 *
 *     p = (1 + #{i : dᵢ − mean(d₁…dₙ) > d}) / (n + 1)
 *
 * The samples are sacreBLEU's for the same seed, so the p-value is too. sacreBLEU computes the samples' scores in
 * 32-bit floats, and these are of 64 bits: mean and interval agree to about six digits.
 * @throws {RangeError} when the numbers of segments differ, or are 0.
 */
export function pairedBootstrap(metric: CorpusMetric, options: PairedBootstrapOptions): PairedBootstrapResult {
  const { references, samples = BOOTSTRAP_DEFAULTS.samples, seed = BOOTSTRAP_DEFAULTS.seed } = options;
  const statistics = [options.baseline, options.system].map((hypotheses) =>
    flattened(corpusStatistics(metric, { hypotheses, references })),
  );
  const [baseline, system] = statistics.map(({ total }) => metric.scoreOf(total).score) as [number, number];
  const { draw } = numpyRandom(seed);
  const [baselineScores, systemScores] = [new Float64Array(samples), new Float64Array(samples)];
  resample({ items: references.length, samples, draw }, (drawn, sample) => {
    baselineScores[sample] = metric.scoreOf(sumOfDrawn(statistics[0]!, drawn)).score;
    systemScores[sample] = metric.scoreOf(sumOfDrawn(statistics[1]!, drawn)).score;
  });
  const differences = systemScores.map((score, sample) => Math.abs(score - baselineScores[sample]!));
  const expected = mean(differences);
  const difference = Math.abs(baseline - system);
  const asLarge = differences.filter((value) => value - expected > difference).length;
  return {
    baseline: { score: baseline, ...spreadOf(baselineScores) },
    system: { score: system, ...spreadOf(systemScores) },
    pValue: (asLarge + 1) / (samples + 1),
  };
}

/** Statistics of all segments, one after the other. */
interface FlatStatistics {
  readonly values: Float64Array;
  readonly width: number;
  readonly total: readonly number[];
}

function flattened(statistics: readonly (readonly number[])[]): FlatStatistics {
  const width = statistics[0]!.length;
  const values = Float64Array.from(statistics.flat());
  const everySegment = Int32Array.from(statistics.keys());
  return { values, width, total: sumOfDrawn({ values, width }, everySegment) };
}

function sumOfDrawn({ values, width }: Omit<FlatStatistics, 'total'>, drawn: Int32Array): number[] {
  const sums = new Array<number>(width).fill(0);
  for (const segment of drawn) {
    const start = segment * width;
    for (let i = 0; i < width; i++) sums[i]! += values[start + i]!;
  }
  return sums;
}

function spreadOf(scores: Float64Array): { mean: number; interval: number } {
  const [low, high] = percentileInterval(scores);
  return { mean: mean(scores.toSorted()), interval: (high - low) / 2 };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
