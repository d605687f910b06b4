import { distance } from 'fastest-levenshtein';
import type { CatalogueEntry } from '../options.ts';
import { normaliseName } from './normalise-name.ts';

export type MatchedBy = 'exact' | 'normalised' | 'fuzzy';

export interface Match {
  /** As it stands in the catalogue. */
  readonly name: string;
  readonly by: MatchedBy;
}

/** The names that may be recommended. */
export interface Catalogue {
  readonly names: readonly string[];
  /** Sales by name; undefined when the catalogue says nothing of sales. */
  readonly sold: ReadonlyMap<string, number> | undefined;
  /** The name that a written one stands for: equal, equal when normalised, or alike enough; undefined for none. */
  find(written: string): Match | undefined;
}

/**
 * @param entries names, or names with sales; of names that are equal when normalised the first is found
 * @param fuzzyThreshold smallest likeness, 1 − Levenshtein distance / length of the longer name (both normalised), that
 *   makes a written name a misspelling of a catalogue's; the likest wins, and of equals the first by name
 */
export function createCatalogue(entries: readonly CatalogueEntry[], fuzzyThreshold: number): Catalogue {
  const sold = new Map<string, number>();
  for (const entry of entries) if (typeof entry !== 'string') sold.set(entry.name, entry.sold);
  const names = [...new Set(entries.map((entry) => (typeof entry === 'string' ? entry : entry.name)))];
  const exact = new Set(names);
  const normalised = new Map<string, string>();
  for (const name of names) {
    const key = normaliseName(name);
    if (key !== '' && !normalised.has(key)) normalised.set(key, name);
  }
  /** Outputs repeat their mistakes: each is looked for once. */
  const known = new Map<string, string | undefined>();
  const alike = (key: string) => {
    if (!known.has(key)) known.set(key, likest(key, normalised, fuzzyThreshold));
    return known.get(key);
  };
  return {
    names,
    sold: sold.size > 0 ? sold : undefined,
    find(written) {
      if (exact.has(written)) return { name: written, by: 'exact' };
      const key = normaliseName(written);
      if (key === '') return undefined;
      const same = normalised.get(key);
      if (same !== undefined) return { name: same, by: 'normalised' };
      const name = alike(key);
      return name === undefined ? undefined : { name, by: 'fuzzy' };
    },
  };
}

function likest(key: string, normalised: ReadonlyMap<string, string>, threshold: number): string | undefined {
  let best: string | undefined;
  let bestLikeness = -1;
  for (const [other, name] of normalised) {
    const longer = Math.max(key.length, other.length);
    // The difference in length alone is that many edits.
    const possible = 1 - Math.abs(key.length - other.length) / longer;
    if (possible < threshold || possible < bestLikeness) continue;
    const likeness = 1 - distance(key, other) / longer;
    const better = likeness > bestLikeness || (likeness === bestLikeness && best !== undefined && name < best);
    if (likeness >= threshold && better) [best, bestLikeness] = [name, likeness];
  }
  return best;
}
