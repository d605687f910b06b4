export { boughtBefore } from './baselines/bought-before.ts';
export { coOccurrence } from './baselines/co-occurrence.ts';
export { popularAndBought } from './baselines/popular-and-bought.ts';
export { popularity } from './baselines/popularity.ts';
export type { Recommender } from './baselines/recommender.ts';
export { type BaselineName, type ScoreBaselinesOptions, scoreBaselines } from './baselines/score-baselines.ts';
export { type Catalogue, createCatalogue, type Match, type MatchedBy } from './catalogue/catalogue.ts';
export { normaliseName } from './catalogue/normalise-name.ts';
export { type Recommendations, readRecommendations } from './catalogue/read-recommendations.ts';
export { vote } from './catalogue/vote.ts';
export {
  type AveragePrecisionConvention,
  averagePrecision,
  coverage,
  f1,
  gini,
  hitRate,
  ndcg,
  novelty,
  precision,
  type Ranking,
  type Relevance,
  recall,
  reciprocalRank,
  repeatRate,
} from './metrics/index.ts';
export {
  type CatalogueEntry,
  type RetailOptions,
  retailOptionsSchema as optionsSchema,
} from './options.ts';
export type { RetailOptionsInput } from './options-input.ts';
export { retail } from './retail.ts';
export type { RetailRow, Returned, Review } from './row.ts';
