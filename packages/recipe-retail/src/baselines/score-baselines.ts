import type { Recipe } from '@counterweight/core/recipe';
import { answerPieces } from '../answer-format.ts';
import { canonicalRow } from '../catalogue/canonical-row.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { catalogueOfRows } from '../catalogue/catalogue-of-rows.ts';
import type { RetailOptions } from '../options.ts';
import type { RetailRow } from '../row.ts';
import { boughtBefore } from './bought-before.ts';
import { coOccurrence } from './co-occurrence.ts';
import { popularAndBought } from './popular-and-bought.ts';
import { popularity } from './popularity.ts';
import type { Recommender } from './recommender.ts';

export interface ScoreBaselinesOptions {
  /** Rows as they stand in files: what the model is trained on, and what it is measured on. */
  readonly training: readonly unknown[];
  readonly heldOut: readonly unknown[];
  /** Names in a list; as many as the largest cutoff of the recipe. Default 10. */
  readonly length?: number;
}

export type BaselineName = 'popularity' | 'coOccurrence' | 'boughtBefore' | 'popularAndBought';

/** The recipe's own metrics for the baselines, fitted on the training rows: what a model has to beat to be worth anything.
 * Names are counted as the recipe's catalogue writes them. */
export async function scoreBaselines(
  recipe: Recipe<RetailRow>,
  { training, heldOut, length = 10 }: ScoreBaselinesOptions,
): Promise<Record<BaselineName, Record<string, number>>> {
  const rows = heldOut.map((row) => recipe.parseRow(row));
  const learnt = training.map((row) => recipe.parseRow(row));
  const { catalogue: entries, fuzzyThreshold = 1 } = recipe.options as Partial<RetailOptions>;
  const catalogue = entries
    ? createCatalogue(entries, fuzzyThreshold)
    : catalogueOfRows([...learnt, ...rows], fuzzyThreshold);
  const trainingRows = learnt.map((row) => canonicalRow(row, catalogue));
  const score = (recommend: Recommender) =>
    scoreLists(recipe, rows, (row) => recommend(canonicalRow(row, catalogue)).slice(0, length));
  return {
    popularity: await score(popularity(trainingRows)),
    coOccurrence: await score(coOccurrence(trainingRows)),
    boughtBefore: await score(boughtBefore(trainingRows)),
    popularAndBought: await score(popularAndBought(trainingRows)),
  };
}

async function scoreLists(
  recipe: Recipe<RetailRow>,
  rows: readonly RetailRow[],
  recommend: Recommender,
): Promise<Record<string, number>> {
  const predictions = rows.map((row) => ({ row, text: answerPieces(recommend(row)).join('') }));
  const scores: Record<string, number> = {};
  for (const { name, compute } of recipe.metrics) scores[name] = await compute(predictions);
  return scores;
}
