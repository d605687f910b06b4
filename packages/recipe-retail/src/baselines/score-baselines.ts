import type { Recipe } from '@counterweight/core/recipe';
import { answerPieces } from '../answer-format.ts';
import type { RetailRow } from '../row.ts';
import { boughtBefore } from './bought-before.ts';
import { coOccurrence } from './co-occurrence.ts';
import { popularity } from './popularity.ts';
import type { Recommender } from './recommender.ts';

export interface ScoreBaselinesOptions {
  /** Rows as they stand in files: what the model is trained on, and what it is measured on. */
  readonly training: readonly unknown[];
  readonly heldOut: readonly unknown[];
  /** Names in a list; as many as the largest cutoff of the recipe. Default 10. */
  readonly length?: number;
}

export type BaselineName = 'popularity' | 'coOccurrence' | 'boughtBefore';

/** The recipe's own metrics for the baselines, fitted on the training rows: what a model has to beat to be worth anything. */
export async function scoreBaselines(
  recipe: Recipe<RetailRow>,
  { training, heldOut, length = 10 }: ScoreBaselinesOptions,
): Promise<Record<BaselineName, Record<string, number>>> {
  const trainingRows = training.map((row) => recipe.parseRow(row));
  const rows = heldOut.map((row) => recipe.parseRow(row));
  const score = (recommend: Recommender) => scoreLists(recipe, rows, (row) => recommend(row).slice(0, length));
  return {
    popularity: await score(popularity(trainingRows)),
    coOccurrence: await score(coOccurrence(trainingRows)),
    boughtBefore: await score(boughtBefore(trainingRows)),
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
