import { stemmer } from 'stemmer';
import { functionWords } from './function-words.ts';
import { tokensOf } from './numbers.ts';

export interface ContentOverlap {
  /** Share of the first text's content that the second one has: what was kept. */
  readonly kept: number;
  /** Share of the second text's content that the first one has: what is not made up. */
  readonly supported: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
}

/**
 * How much of their content two English texts share: stems (Porter) of the words that are not function words, and numbers in
 * any spelling, each counted as often as it occurs in both.
 *
 * A cheap stand-in for meaning preservation, and a sound one as far as it goes: a text that drops half of what was said, or
 * adds as much again, shows. It is no judge of meaning: it takes a synonym for a loss, and does not see who did what to whom,
 * nor a negation written "n't". It compares systems on the same rows; it does not certify one text.
 */
export function contentOverlap(first: string, second: string): ContentOverlap {
  const [a, b] = [contentCounts(first), contentCounts(second)];
  let common = 0;
  for (const [stem, count] of a.counts) common += Math.min(count, b.counts.get(stem) ?? 0);
  const kept = share(common, a.total, b.total);
  const supported = share(common, b.total, a.total);
  return { kept, supported, f1: kept + supported > 0 ? (2 * kept * supported) / (kept + supported) : 0 };
}

/** A text without content has lost nothing and made up nothing, if the other has none either. */
function share(common: number, total: number, otherTotal: number): number {
  if (total > 0) return common / total;
  return otherTotal === 0 ? 1 : 0;
}

function contentCounts(text: string): { readonly counts: ReadonlyMap<string, number>; readonly total: number } {
  const counts = new Map<string, number>();
  let total = 0;
  for (const token of tokensOf(text)) {
    if (typeof token === 'string' && functionWords.has(token)) continue;
    const stem = typeof token === 'number' ? `#${token}` : stemmer(token.replace(/'s?$/, ''));
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    total += 1;
  }
  return { counts, total };
}
