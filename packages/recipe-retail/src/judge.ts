import type { MetricProgress, Prediction } from '@counterweight/core/recipe';
import { canonicalRow } from './catalogue/canonical-row.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { readRecommendations } from './catalogue/read-recommendations.ts';
import { vote } from './catalogue/vote.ts';
import { groupBy } from './group-by.ts';
import type { Ranking } from './metrics/ranking.ts';
import type { RetailRow } from './row.ts';

export type Predictions = readonly Prediction<RetailRow>[];

/** A row, the list that the model gave for it, and the right names, all as the catalogue writes them. */
export interface Judged {
  readonly row: RetailRow;
  readonly ranked: Ranking<string>;
  readonly right: ReadonlySet<string>;
  /** Names in the outputs, without repetitions in one output. */
  readonly written: number;
  /** Those of them that the catalogue does not have. */
  readonly unknown: number;
  /** Outputs without any name where one was due. */
  readonly silent: number;
}

/** Reads outputs as lists of the catalogue’s names. */
export interface Judge {
  /** A few, such as the outputs of a row. */
  some(predictions: Predictions): readonly Judged[];
  /** All of them, once for all metrics. */
  all(predictions: Predictions, onProgress?: MetricProgress): Promise<readonly Judged[]>;
}

export function judgeOf(catalogueFor: (rows: readonly RetailRow[]) => Catalogue): Judge {
  const known = new WeakMap<Predictions, Promise<readonly Judged[]>>();
  const catalogueOf = (predictions: Predictions) => catalogueFor(predictions.map(({ row }) => row));
  const judgeAll = async (predictions: Predictions, onProgress?: MetricProgress) => {
    const catalogue = catalogueOf(predictions);
    const rows = [...groupBy(predictions, ({ row }) => row)];
    const judged: Judged[] = [];
    for (const [row, outputs] of rows) {
      judged.push(judgedRow(row, outputs, catalogue));
      await onProgress?.(judged.length, rows.length);
    }
    return judged;
  };
  return {
    some(predictions) {
      const catalogue = catalogueOf(predictions);
      return [...groupBy(predictions, ({ row }) => row)].map(([row, outputs]) => judgedRow(row, outputs, catalogue));
    },
    all(predictions, onProgress) {
      const judged = known.get(predictions) ?? judgeAll(predictions, onProgress);
      known.set(predictions, judged);
      return judged;
    },
  };
}

/** Several outputs of a row, which share the row object, are one list: the votes of all. */
function judgedRow(given: RetailRow, outputs: Predictions, catalogue: Catalogue): Judged {
  const lists = outputs.map(({ text }) => readRecommendations(text, catalogue));
  const row = canonicalRow(given, catalogue);
  const right = new Set(row.answer);
  return {
    row,
    ranked: vote(lists.map(({ ranked }) => ranked)),
    right,
    written: lists.reduce((sum, { ranked }) => sum + ranked.length, 0),
    unknown: lists.reduce((sum, { unknown }) => sum + unknown.length, 0),
    silent: right.size === 0 ? 0 : lists.filter(({ ranked }) => ranked.length === 0).length,
  };
}
