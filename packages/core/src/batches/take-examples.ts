import type { Examples, WeightedExample } from '../tokenization/example.ts';

/** The first examples, by default all of them, in memory. */
export const takeExamples = (examples: Examples, count: number = examples.length): WeightedExample[] =>
  Array.from({ length: Math.min(count, examples.length) }, (_, i) => examples.at(i) as WeightedExample);

/** Some of the examples, by their numbers, in that order; they are read when they are asked for. */
export const pickExamples = (examples: Examples, numbers: readonly number[]): Examples => ({
  length: numbers.length,
  lengths: numbers.map((i) => examples.lengths[i] as number),
  at: (i) => examples.at(numbers[i] as number),
});
