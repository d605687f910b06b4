import { wordsOf } from './words.ts';

/** Whether the output has a word at least and `maxWords` at most, counted by {@link wordsOf}. */
export function keepsLength(output: string, maxWords: number): boolean {
  const words = wordsOf(output).length;
  return words >= 1 && words <= maxWords;
}
