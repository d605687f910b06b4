import { type Random, shuffled } from '../random.ts';
import type { RenderedExample, Segment } from '../recipe/recipe.ts';
import type { Perturbed } from './perturbation.ts';
import { type PlainWord, plainWords } from './plain-words.ts';

/** Words of fewer letters are hard to make out once one of them is wrong. */
const LETTERS = 4;

interface Place extends PlainWord {
  /** Index of the segment in the prompt. */
  readonly segment: number;
}

/**
 * One typing error in what the user says: two letters changed over, one written twice or two written once, in a word of
 * four letters or more, not its first letter. Words with capitals are names or begin a sentence, and stay as they are.
 */
export function typingError(example: RenderedExample, random: Random): Perturbed | undefined {
  const { prompt } = example;
  const places = prompt.flatMap(({ text, freedom }, segment): Place[] =>
    freedom?.typing
      ? plainWords(text, freedom.keep)
          .filter(isLong)
          .map((word) => ({ ...word, segment }))
      : [],
  );
  const known = new Set([
    ...REAL_WORDS,
    ...prompt.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []),
  ]);
  for (const { segment, at, word } of shuffled(places, random)) {
    const misspelt = shuffled(misspellings(word), random).find((candidate) => !known.has(candidate));
    if (misspelt === undefined) continue;
    const { text } = prompt[segment] as Segment;
    const written = text.slice(0, at) + misspelt + text.slice(at + word.length);
    return {
      example: { ...example, prompt: prompt.map((one, i) => (i === segment ? { ...one, text: written } : one)) },
      change: `${word} → ${misspelt}`,
    };
  }
  return undefined;
}

/** Small letters of an alphabet that has capitals: where a sign is a syllable or a word, another one is another word. */
const isLong = ({ word }: PlainWord): boolean => /^\p{Ll}+$/u.test(word) && Array.from(word).length >= LETTERS;

/** Each of the word's misspellings, once: letters changed over or written twice, and one for two. */
export function misspellings(word: string): string[] {
  const letters = Array.from(word);
  const found = new Set<string>();
  for (let i = 1; i < letters.length; i++) {
    const [before, letter, after] = [letters.slice(0, i), letters[i] as string, letters.slice(i + 1)];
    // Any other letter that is missing may have said something: cards, charged, paid.
    if (letter === before.at(-1)) found.add([...before, ...after].join(''));
    else if (letter !== after[0]) found.add([...before, letter, letter, ...after].join(''));
    if (after.length > 0) found.add([...before, after[0], letter, ...after.slice(1)].join(''));
  }
  found.delete(word);
  return [...found];
}

/** Frequent English words that such a slip makes out of others: with them something else would be asked. */
const REAL_WORDS = (
  'angel angle bared barn barred beast beats been best bets bleed blot boast boats bolt bran calm cannon canon cast casual ' +
  'cats causal choose chose clam clod coast coats cold coma comma cost cots dairy desert dessert diary diner dinner does dose ' +
  'east eats fast fats feast feats field filed filing filled filling fired fist fits form fried from good gust guts holly holy ' +
  'hoped hoping hopped hopping host hots jest jets last later latter list lits loose lose lost lots marital martial matter ' +
  'moped mopped most nest nets past pats perfect pest pets planed planned post pots prefect quiet quite rated ratted rogue ' +
  'rouge sacred salt scared seen shoot shot sign silver sing slat sliver soon spilt split stared starred steep step stoop stop ' +
  'super supper taped tapped tied tide tiers tiny tinny tires tired trail trial tried united untie untied unite vest vets west ' +
  'wets wining winning'
).split(' ');
