import { readFileSync } from 'node:fs';
import type { BleuSmoothing, BleuTokenizer } from '../index.ts';
import { bleu } from './bleu.ts';
import { chrf } from './chrf.ts';
import type { CorpusMetric } from './corpus-metric.ts';
import { ter } from './ter.ts';

/** A metric and its options by sacreBLEU's names. */
export interface Setting {
  readonly metric: 'bleu' | 'chrf' | 'ter';
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Expected {
  readonly tables: readonly (Setting & {
    readonly hypotheses: readonly string[];
    readonly references: readonly (readonly string[])[];
    readonly score: number;
    /** As it stands in sacreBLEU's own tests. */
    readonly rounded: number;
  })[];
  readonly corpus: {
    readonly baseline: readonly string[];
    readonly system: readonly string[];
    /** Streams, as sacreBLEU takes them. */
    readonly references: readonly (readonly string[])[];
  };
  readonly results: readonly (Setting & {
    readonly references: number;
    readonly score: number;
    readonly sentences: readonly number[];
    readonly signature: string;
  })[];
  /** Score, mean and half width of the interval. */
  readonly bootstrap: readonly (Setting & {
    readonly baseline: readonly [number, number, number];
    readonly system: readonly [number, number, number];
    readonly pValue: number;
    readonly signature: string;
  })[];
  readonly hard: readonly string[];
  readonly terTokens: readonly { readonly options: Setting['options']; readonly tokens: readonly string[] }[];
  readonly numpyDraws: readonly { readonly seed: number; readonly below: number; readonly draws: readonly number[] }[];
}

/** What sacreBLEU says: see `fixtures/make-expected.py`. */
export const expected: Expected = JSON.parse(
  readFileSync(new URL('../../fixtures/expected.json', import.meta.url), 'utf8'),
);

/** The references of each segment, from whole streams. */
export function bySegment(streams: readonly (readonly string[])[]): string[][] {
  return (streams[0] ?? []).map((_, segment) => streams.map((stream) => stream[segment]!));
}

/** Our metric for sacreBLEU's options. */
export function metricFor({ metric, options }: Setting): CorpusMetric {
  const given = <Key extends string, Value>(key: Key, name: string) =>
    (name in options ? { [key]: options[name] } : {}) as { [K in Key]?: Value };
  const lowercase = given<'lowercase', boolean>('lowercase', 'lowercase');
  if (metric === 'bleu') {
    return bleu({
      ...lowercase,
      ...given<'tokenizer', BleuTokenizer>('tokenizer', 'tokenize'),
      ...given<'smoothing', BleuSmoothing>('smoothing', 'smooth_method'),
      ...given<'smoothingValue', number>('smoothingValue', 'smooth_value'),
      ...given<'maxOrder', number>('maxOrder', 'max_ngram_order'),
      ...given<'effectiveOrder', boolean>('effectiveOrder', 'effective_order'),
    });
  }
  if (metric === 'chrf') {
    return chrf({
      ...lowercase,
      ...given<'wordOrder', number>('wordOrder', 'word_order'),
      ...given<'beta', number>('beta', 'beta'),
      ...given<'whiteSpace', boolean>('whiteSpace', 'whitespace'),
      ...given<'epsilonSmoothing', boolean>('epsilonSmoothing', 'eps_smoothing'),
    });
  }
  return ter(terOptionsFor(options));
}

export function terOptionsFor(options: Setting['options']) {
  return {
    normalized: options.normalized === true,
    noPunctuation: options.no_punct === true,
    asianSupport: options.asian_support === true,
    caseSensitive: options.case_sensitive === true,
  };
}
