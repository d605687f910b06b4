import { nextItemsRows, readCatalogue, readPurchases } from '../../packages/recipe-retail/fixtures/completejourney.ts';
import { countNames } from '../../packages/recipe-retail/src/count-names.ts';
import { type RetailRow, retail } from '../../packages/recipe-retail/src/index.ts';
import { movieRows } from './movies.ts';

/** Rows of a shop: what is chosen is chosen on `last`, and measured on `heldOut`. */
export interface Dataset {
  readonly catalogue: { name: string; sold: number }[];
  readonly before: readonly RetailRow[];
  readonly last: readonly RetailRow[];
  readonly heldOut: readonly RetailRow[];
  /** The best answer to each held-out row, where somebody knows it. */
  readonly truth?: readonly (readonly string[])[];
}

export type DatasetName = keyof typeof datasets;

export const datasets = {
  /** Till receipts (Complete Journey), split by time: the last two stretches of four weeks choose and measure. */
  groceries(): Dataset {
    const catalogue = readCatalogue();
    const { parseRow } = retail({ catalogue });
    const { train, heldOut } = nextItemsRows(readPurchases());
    const rows = train.map(parseRow);
    const last = lastWindow(train);
    return { catalogue, before: rows.slice(last), last: rows.slice(0, last), heldOut: heldOut.map(parseRow) };
  },
  /** Films, each seen once, by people with tastes: simulated, in the manner of MovieLens. */
  movies(): Dataset {
    const { catalogue, train, heldOut } = movieRows();
    const { parseRow } = retail({ catalogue });
    const rows = train.map(parseRow);
    return {
      catalogue,
      before: rows.slice(heldOut.length),
      last: rows.slice(0, heldOut.length),
      heldOut: heldOut.map(({ row }) => parseRow(row)),
      truth: heldOut.map(({ likeliest }) => likeliest),
    };
  },
} as const;

/** Rows to train on begin with those of the last window, one a household. */
export function lastWindow(train: readonly { readonly household: string }[]): number {
  const seen = new Set<string>();
  const end = train.findIndex(({ household }) => seen.size === seen.add(household).size);
  return end < 0 ? train.length : end;
}

/** log(1 + times bought) of every name. */
export function boughtOf({ history }: RetailRow, names: readonly string[]): Float64Array {
  const times = countNames(history);
  return Float64Array.from(names, (name) => Math.log1p(times.get(name) ?? 0));
}

/** log of how often every name is in the answers; half a time where it is in none. */
export function popularityIn(rows: readonly RetailRow[], names: readonly string[]): Float64Array {
  const times = countNames(rows.flatMap(({ answer = [] }) => answer));
  return Float64Array.from(names, (name) => Math.log(times.get(name) ?? 0.5));
}
