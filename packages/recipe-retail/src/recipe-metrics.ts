import type { Metric, MetricProgress } from '@counterweight/core/recipe';
import { rankBy } from './baselines/recommender.ts';
import { type Catalogue, createCatalogue } from './catalogue/catalogue.ts';
import { catalogueOfRows } from './catalogue/catalogue-of-rows.ts';
import { type Judge, type Judged, judgeOf, type Predictions } from './judge.ts';
import { averagePrecision } from './metrics/average-precision.ts';
import { coverage } from './metrics/coverage.ts';
import { f1 } from './metrics/f1.ts';
import { gini } from './metrics/gini.ts';
import { hitRate } from './metrics/hit-rate.ts';
import { ndcg } from './metrics/ndcg.ts';
import { novelty } from './metrics/novelty.ts';
import { precision } from './metrics/precision.ts';
import { recall } from './metrics/recall.ts';
import { reciprocalRank } from './metrics/reciprocal-rank.ts';
import { repeatRate } from './metrics/repeat-rate.ts';
import { mostFrequentFirst } from './most-frequent.ts';
import type { RetailOptions } from './options.ts';
import type { RetailRow } from './row.ts';

type RetailMetric = Metric<RetailRow>;

const MATCHING =
  'Names are matched to the catalogue (equal, equal when normalised, alike enough), repeated ones taken out; a name that ' +
  'the catalogue does not have keeps its rank, as a miss. Several outputs of a row vote: names are ranked by how many hold them; ' +
  'the score of a single output is that of its own list, matched to the names of its own row where there is no catalogue.';
const MEAN = 'Mean over the rows that have right names.';

/** The metrics of a recipe with these options. */
export function retailMetrics(options: RetailOptions): RetailMetric[] {
  const fixed = options.catalogue && createCatalogue(options.catalogue, options.fuzzyThreshold);
  const judge = judgeOf((rows) => fixed ?? catalogueOfRows(rows, options.fuzzyThreshold));
  const perList = options.cutoffs.flatMap((k) => listMetrics(k, options, judge));
  const overall = options.cutoffs.flatMap((k) => (fixed ? catalogueMetrics(k, fixed, judge) : []));
  return [
    ...perList,
    ...(options.task === 'likely-returned' ? [setMetric(judge)] : []),
    ...overall,
    ...(options.task === 'next-items' ? options.cutoffs.flatMap((k) => repeatMetrics(k, judge)) : []),
    unknownNames(judge),
  ];
}

function listMetrics(
  k: number,
  { averagePrecision: convention, cutoffs }: RetailOptions,
  judge: Judge,
): RetailMetric[] {
  const divisor = convention === 'recbole' ? 'min(|R|, k), as RecBole does' : '|R|, as ranx and trec_eval do';
  const metric = (name: string, definition: string, score: (row: Judged) => number): RetailMetric => ({
    name: `${name}At${k}`,
    ...(name === 'ndcg' && k === Math.max(...cutoffs) && { headline: true as const }),
    direction: 'higher-is-better',
    definition: `${definition} ${MEAN} ${MATCHING}`,
    compute: async (predictions, onProgress) =>
      mean(
        (await judge.all(predictions, onProgress)).filter(({ right }) => right.size > 0),
        score,
      ),
    perRow: (prediction) =>
      mean(
        judge.some([prediction]).filter(({ right }) => right.size > 0),
        score,
      ),
  });
  return [
    metric('hitRate', `1 when any of the first ${k} is right.`, ({ ranked, right }) => hitRate(ranked, right, k)),
    metric('recall', `Hits among the first ${k} / |R|.`, ({ ranked, right }) => recall(ranked, right, k)),
    metric('precision', `Hits among the first ${k} / ${k}, also for shorter lists.`, ({ ranked, right }) =>
      precision(ranked, right, k),
    ),
    metric('mrr', `1 / rank of the first hit among the first ${k}, or 0.`, ({ ranked, right }) =>
      reciprocalRank(ranked, right, k),
    ),
    metric('map', `Sum of the precisions at the hits among the first ${k}, divided by ${divisor}.`, (row) =>
      averagePrecision(row.ranked, row.right, k, convention),
    ),
    metric('ndcg', `Σ hit / log2(rank + 1) over the first ${k}, divided by the best possible.`, ({ ranked, right }) =>
      ndcg(ranked, right, k),
    ),
  ];
}

function catalogueMetrics(k: number, { names, sold }: Catalogue, judge: Judge): RetailMetric[] {
  const lists = async (predictions: Predictions, onProgress?: MetricProgress) =>
    (await judge.all(predictions, onProgress)).map(({ ranked }) => ranked);
  const ofNames: RetailMetric[] = [
    {
      name: `coverageAt${k}`,
      direction: 'higher-is-better',
      definition: `Share of the catalogue's ${names.length} names among the first ${k} of any list (RecBole ItemCoverage).`,
      compute: async (predictions, onProgress) => coverage(await lists(predictions, onProgress), names.length, k),
    },
    {
      name: `giniAt${k}`,
      direction: 'lower-is-better',
      definition: `Gini index of how often each name of the catalogue is among the first ${k} (RecBole GiniIndex).`,
      compute: async (predictions, onProgress) => gini(await lists(predictions, onProgress), names.length, k),
    },
  ];
  if (!sold) return ofNames;
  const popular = mostFrequentFirst(new Map([...sold].filter(([, times]) => times > 0)));
  return [
    ...ofNames,
    {
      name: `noveltyAt${k}`,
      direction: 'higher-is-better',
      definition: `Mean of −log2 of the share of all sales, over everything among the first ${k}, in bits.`,
      compute: async (predictions, onProgress) => novelty(await lists(predictions, onProgress), sold, k),
    },
    {
      name: `ndcgOverPopularityAt${k}`,
      direction: 'higher-is-better',
      definition:
        `ndcgAt${k} minus that of the ${k} best-selling names of the catalogue (equal sales by name) on the same rows, as the baseline popularity recommends: below 0 the model is ` +
        'worth less than a list of best-sellers.',
      compute: async (predictions, onProgress) =>
        mean(
          (await judge.all(predictions, onProgress)).filter(({ right }) => right.size > 0),
          ({ row, ranked, right }) => ndcg(ranked, right, k) - ndcg(rankBy(new Map(), popular, row), right, k),
        ),
    },
  ];
}

function repeatMetrics(k: number, judge: Judge): RetailMetric[] {
  const ofModel = (rows: readonly Judged[]) =>
    repeatRate(rows.map(({ row, ranked }) => ({ items: ranked.slice(0, k), before: new Set(row.history) })));
  const ofShoppers = (rows: readonly Judged[]) =>
    repeatRate(rows.map(({ row, right }) => ({ items: [...right], before: new Set(row.history) })));
  return [
    {
      name: `repeatRateAt${k}`,
      direction: 'descriptive',
      definition:
        `Share of the names among the first ${k} that the shopper had bought before. Good is what the shoppers do: see ` +
        'repeatRateGap.',
      compute: async (predictions, onProgress) => ofModel(await judge.all(predictions, onProgress)),
    },
    {
      name: `repeatRateGapAt${k}`,
      direction: 'lower-is-better',
      definition: `|repeatRateAt${k} − the share of the right names that the shopper had bought before|.`,
      compute: async (predictions, onProgress) => {
        const rows = await judge.all(predictions, onProgress);
        return Math.abs(ofModel(rows) - ofShoppers(rows));
      },
    },
  ];
}

function setMetric(judge: Judge): RetailMetric {
  const score = ({ ranked, right }: Judged): number => {
    // Each unknown name is an element of its own.
    const given = new Set(ranked.map((name, at) => name ?? `unknown ${at}`));
    return f1(given, right);
  };
  return {
    name: 'f1',
    direction: 'higher-is-better',
    definition: 'Mean over all rows of F1 between the names given and the right ones; 1 where both are none.',
    compute: async (predictions, onProgress) => mean(await judge.all(predictions, onProgress), score),
    perRow: (prediction) => mean(judge.some([prediction]), score),
  };
}

function unknownNames(judge: Judge): RetailMetric {
  return {
    name: 'unknownNames',
    direction: 'lower-is-better',
    definition:
      'Share of the names in the outputs that the catalogue does not have. An output without any name, where one was due, ' +
      'counts as one unknown name.',
    compute: async (predictions, onProgress) => {
      let unknown = 0;
      let all = 0;
      for (const row of await judge.all(predictions, onProgress)) {
        unknown += row.unknown + row.silent;
        all += row.written + row.silent;
      }
      return all === 0 ? 0 : unknown / all;
    },
  };
}

/** NaN without rows: there is nothing to measure. */
function mean(rows: readonly Judged[], score: (row: Judged) => number): number {
  return rows.reduce((sum, row) => sum + score(row), 0) / rows.length;
}
