import type { AnswerSet } from '@counterweight/core/recipe';
import { NOTHING, SEPARATOR } from './answer-format.ts';
import { canonicalRow } from './catalogue/canonical-row.ts';
import { createCatalogue } from './catalogue/catalogue.ts';
import { countNames } from './count-names.ts';
import type { RetailOptions } from './options.ts';
import type { RetailRow } from './row.ts';

/** What an answer may be: names of the catalogue, ranked by likelihood or written; anything without a catalogue. */
export function answersOf(options: RetailOptions): { readonly answers?: AnswerSet } {
  const { catalogue, task, cutoffs, constrain } = options;
  if (!catalogue || !(isRanked(options) || constrain)) return {};
  const names = catalogue.map((entry) => (typeof entry === 'string' ? entry : entry.name));
  const texts = task === 'likely-returned' ? [...names, NOTHING] : names;
  const set = { texts, separator: SEPARATOR };
  if (!isRanked(options)) return { answers: set };
  return { answers: { ...set, rank: { count: Math.max(...cutoffs), bonus: bonusWith(options) } } };
}

const isRanked = ({ rank, catalogue, constrain, task }: RetailOptions): boolean =>
  rank === undefined ? catalogue !== undefined && !constrain && task !== 'likely-returned' : rank === 'likelihood';

/** What is in the basket already is not recommended; what the shopper bought before counts as the prior says. */
function bonusWith({ catalogue = [], fuzzyThreshold, prior }: RetailOptions): (name: string, row: unknown) => number {
  const known = createCatalogue(catalogue, fuzzyThreshold);
  const shoppers = new WeakMap<object, { readonly basket: ReadonlySet<string>; readonly times: Map<string, number> }>();
  const shopperOf = (row: RetailRow) => {
    const before = shoppers.get(row);
    if (before) return before;
    const { basket, history } = canonicalRow(row, known);
    const shopper = { basket: new Set(basket), times: countNames(history) };
    shoppers.set(row, shopper);
    return shopper;
  };
  return (name, row) => {
    const { basket, times } = shopperOf(row as RetailRow);
    return basket.has(name) ? Number.NEGATIVE_INFINITY : prior * Math.log1p(times.get(name) ?? 0);
  };
}
