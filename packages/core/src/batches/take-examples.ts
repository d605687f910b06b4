import type { Examples, TokenizedExample } from '../tokenization/example.ts';

/** The first examples, by default all of them, in memory. */
export const takeExamples = (examples: Examples, count: number = examples.length): TokenizedExample[] =>
  Array.from({ length: Math.min(count, examples.length) }, (_, i) => examples.at(i) as TokenizedExample);
