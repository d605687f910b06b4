import type { Baseline } from '@counterweight/core/recipe';
import { answerPieces } from '../answer-format.ts';
import { canonicalRow } from '../catalogue/canonical-row.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { catalogueOfRows } from '../catalogue/catalogue-of-rows.ts';
import type { RetailOptions } from '../options.ts';
import type { RetailRow } from '../row.ts';
import { popularity } from './popularity.ts';

/** The baseline of every task: what stands most often in the answers, in a list of the largest cutoff. */
export const popularNames = ({ catalogue, fuzzyThreshold, cutoffs }: RetailOptions): Baseline<RetailRow> => ({
  name: 'the most popular names',
  answer(rows, training) {
    const known = catalogue
      ? createCatalogue(catalogue, fuzzyThreshold)
      : catalogueOfRows([...training, ...rows], fuzzyThreshold);
    const recommend = popularity(training.map((row) => canonicalRow(row, known)));
    const length = Math.max(...cutoffs);
    return rows.map((row) => answerPieces(recommend(canonicalRow(row, known)).slice(0, length)).join(''));
  },
});
