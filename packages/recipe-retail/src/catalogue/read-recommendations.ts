import { NOTHING } from '../answer-format.ts';
import type { Catalogue, MatchedBy } from './catalogue.ts';

export interface Recommendations {
  /**
   * What was recommended, best first, each name once, as it stands in the catalogue. A name that the catalogue does not
   * have is undefined: it keeps its rank, as a miss.
   */
  readonly ranked: readonly (string | undefined)[];
  /** Names that are not in the catalogue, as they were written. */
  readonly unknown: readonly string[];
  /** Names that were taken out because they had been recommended already. */
  readonly duplicates: number;
  /** How the names were recognised. */
  readonly matched: Readonly<Record<MatchedBy, number>>;
}

/**
 * The ranked list in a generated text: one name a line, with or without bullets or numbers before it. A single line
 * that is no name of the catalogue is read as names with commas or semicolons between them. "nothing" is an empty list.
 */
export function readRecommendations(text: string, catalogue: Pick<Catalogue, 'find'>): Recommendations {
  const ranked: (string | undefined)[] = [];
  const unknown: string[] = [];
  const matched = { exact: 0, normalised: 0, fuzzy: 0 };
  const seen = new Set<string>();
  let duplicates = 0;
  for (const written of namesIn(text, catalogue)) {
    const match = catalogue.find(written);
    if (match) matched[match.by] += 1;
    const key = match ? match.name : `unknown: ${written.toLowerCase()}`;
    if (seen.has(key)) {
      duplicates += 1;
      continue;
    }
    seen.add(key);
    ranked.push(match?.name);
    if (!match) unknown.push(written);
  }
  return { ranked, unknown, duplicates, matched };
}

function namesIn(text: string, catalogue: Pick<Catalogue, 'find'>): string[] {
  const lines = text
    .split(/\r?\n/)
    .map(withoutBullet)
    .filter((line) => line !== '');
  const [only] = lines;
  if (lines.length !== 1 || only === undefined || catalogue.find(only)) return lines;
  if (only.toLowerCase().replace(/\W/g, '') === NOTHING) return [];
  return only
    .split(/[,;]/)
    .map(withoutBullet)
    .filter((name) => name !== '');
}

/** "1. eggs", "2) eggs", "- eggs", "• eggs", "* eggs" → "eggs"; but "7 up" and "2% milk" stay. */
function withoutBullet(line: string): string {
  return line.trim().replace(/^(?:[-*•–]\s+|\d{1,2}[.)]\s+)/, '');
}
