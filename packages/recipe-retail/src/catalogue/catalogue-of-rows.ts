import { compareNames } from '../most-frequent.ts';
import type { RetailRow } from '../row.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { normaliseName } from './normalise-name.ts';

/**
 * Without a catalogue: every name that the rows speak of. Of names that are equal when normalised, "Eggs" and "eggs", the
 * first by code units stands for all, whichever row comes first.
 */
export function catalogueOfRows(rows: readonly RetailRow[], fuzzyThreshold: number): Catalogue {
  const names = rows.flatMap(({ history, basket, order, answer = [] }) => [...history, ...basket, ...order, ...answer]);
  const sorted = [...new Set(names)].sort(compareNames);
  const unique = new Map(sorted.toReversed().map((name) => [normaliseName(name) || name, name]));
  return createCatalogue([...unique.values()].sort(compareNames), fuzzyThreshold);
}
