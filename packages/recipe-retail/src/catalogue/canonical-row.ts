import type { RetailRow } from '../row.ts';
import type { Catalogue } from './catalogue.ts';

/** A row with its names as the catalogue writes them, those that it does not have as they stand: "Eggs" is "eggs". */
export function canonicalRow(row: RetailRow, catalogue: Pick<Catalogue, 'find'>): RetailRow {
  const canonical = (names: readonly string[]) => names.map((name) => catalogue.find(name)?.name ?? name);
  return {
    ...row,
    history: canonical(row.history),
    basket: canonical(row.basket),
    order: canonical(row.order),
    answer: row.answer && canonical(row.answer),
  };
}
