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
  return nearest !== undefined && distance(nearest) <= Math.max(name.length < 5 ? 1 : 2, name.length * 0.4)
    ? nearest
    : undefined;
}
