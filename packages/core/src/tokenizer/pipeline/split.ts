/** What becomes of the matches that a text is split at: the names of `tokenizer.json`. */
export type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

export const BEHAVIORS: readonly Behavior[] = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
];

/** A stretch of a text, from and to in UTF-16 units, that is a match, or lies between two. */
interface Stretch {
  from: number;
  to: number;
  readonly isMatch: boolean;
}

/** Everything that a text may be looked through with: what it matches, in order. */
export type Matcher = (text: string) => readonly { readonly from: number; readonly to: number }[];

/** @param invert what lies between the matches counts as the matches */
export function splitText(text: string, matcher: Matcher, behavior: Behavior, invert = false): string[] {
  const stretches = stretchesOf(text, matcher, invert);
  return arranged(stretches, behavior).map(({ from, to }) => text.slice(from, to));
}

function stretchesOf(text: string, matcher: Matcher, invert: boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const { from, to } of matcher(text)) {
    if (at < from) stretches.push({ from: at, to: from, isMatch: invert });
    stretches.push({ from, to, isMatch: !invert });
    at = to;
  }
  if (at < text.length) stretches.push({ from: at, to: text.length, isMatch: invert });
  return stretches;
}

function arranged(stretches: readonly Stretch[], behavior: Behavior): readonly Stretch[] {
  switch (behavior) {
    case 'Isolated':
      return stretches;
    case 'Removed':
      return stretches.filter(({ isMatch }) => !isMatch);
    case 'Contiguous':
      return joined(stretches, (stretch, wasMatch) => stretch.isMatch === wasMatch);
    case 'MergedWithPrevious':
      return joined(stretches, ({ isMatch }, wasMatch) => isMatch && !wasMatch);
    case 'MergedWithNext':
      return joined([...stretches].reverse(), ({ isMatch }, wasMatch) => isMatch && !wasMatch).reverse();
  }
}

/** Stretches, joined with their neighbour wherever `joins` says so; the first has none before it, which is no match. */
function joined(stretches: readonly Stretch[], joins: (stretch: Stretch, wasMatch: boolean) => boolean): Stretch[] {
  const result: Stretch[] = [];
  let wasMatch = false;
  for (const stretch of stretches) {
    const neighbour = result.at(-1);
    if (neighbour && joins(stretch, wasMatch)) {
      neighbour.from = Math.min(neighbour.from, stretch.from);
      neighbour.to = Math.max(neighbour.to, stretch.to);
    } else result.push({ ...stretch });
    wasMatch = stretch.isMatch;
  }
  return result;
}
