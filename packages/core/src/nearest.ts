import leven from 'leven';

/**
 * The known name that a misspelt one was most likely meant to be; undefined where none is near.
 * @example
 * ```ts
 * import { nearestOf } from '@counterweight/core';
 *
 * nearestOf('suport', ['support', 'translation']); // support
 * ```
 */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const distance = (one: string) => leven(name.toLowerCase(), one.toLowerCase());
  const [nearest] = [...known].sort((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return undefined;
  // Of few letters two others are another word, but two in each other's places are a slip.
  const fewest = name.length < 5 && lettersOf(name) !== lettersOf(nearest) ? 1 : 2;
  return distance(nearest) <= Math.max(fewest, name.length * 0.4) ? nearest : undefined;
}

const lettersOf = (word: string): string => [...word.toLowerCase()].sort().join('');
