import type { Random } from '../random.ts';
import type { RenderedExample } from '../recipe/recipe.ts';
import type { Perturbed } from './perturbation.ts';
import { literalStretches, plainWords, rewriteWords } from './plain-words.ts';

/** A way to write a text, with its name. */
interface Spelling {
  readonly name: string;
  readonly write: (text: string, keep: readonly string[] | undefined) => string;
}

/**
 * What the user says in small letters or in capitals, and with or without the punctuation at its end. One of the ways in
 * which something changes is drawn of each kind, and all such texts of a row are written in it.
 */
export function caseAndPunctuation(example: RenderedExample, random: Random): Perturbed | undefined {
  const texts = example.prompt.filter(({ freedom }) => freedom?.case);
  const changes = ({ write }: Spelling) => texts.some(({ text, freedom }) => write(text, freedom?.keep) !== text);
  const draw = (ways: readonly Spelling[]): Spelling[] => {
    const possible = ways.filter(changes);
    return possible.length === 0 ? [] : [possible[random.integer(possible.length)] as Spelling];
  };
  const drawn = [...draw(LETTERS), ...draw(ENDS)];
  if (drawn.length === 0) return undefined;
  const prompt = example.prompt.map((segment) => {
    const { text, freedom } = segment;
    if (!freedom?.case) return segment;
    return { ...segment, text: drawn.reduce((written, { write }) => write(written, freedom.keep), text) };
  });
  return { example: { ...example, prompt }, change: drawn.map(({ name }) => name).join(', ') };
}

const LETTERS: readonly Spelling[] = [
  {
    name: 'small letters',
    write(text, keep) {
      const words = plainWords(text, keep);
      // Where not all is in capitals, a word that is has its reason: US, ATM.
      const isShouted = words.length > 0 && words.every(({ word }) => !/\p{Ll}/u.test(word));
      return rewriteWords(text, words, (word) => (isAcronym(word) && !isShouted ? word : lower(word)));
    },
  },
  { name: 'capitals', write: (text, keep) => rewriteWords(text, plainWords(text, keep), upper) },
];

const isAcronym = (word: string): boolean => /^\p{Lu}{2,}/u.test(word);

/** Letter by letter, where one becomes one: not İ, nor ß. */
const lower = (word: string): string =>
  Array.from(word, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join(
    '',
  );
const upper = (word: string): string =>
  Array.from(word, (letter) => (letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter)).join(
    '',
  );

/** What may close a text, behind a letter or a digit. */
const CLOSING = /(?<=[\p{L}\p{M}\p{N})])[.!?…。！？؟]+(?=\s*$)/u;

const ENDS: readonly Spelling[] = [
  { name: 'nothing at the end', write: (text) => atTheEnd(text, CLOSING, () => '') },
  {
    name: 'the closing mark three times',
    write: (text) => atTheEnd(text, CLOSING, (marks) => (/^[!?]$/u.test(marks) ? marks.repeat(3) : marks)),
  },
  { name: 'a full stop at the end', write: (text) => atTheEnd(text, /(?<=[\p{Ll}\p{Lu}])(?=\s*$)/u, () => '.') },
];

/** Rewrites what closes a text, where that is no part of code or of an address. */
function atTheEnd(text: string, closing: RegExp, write: (marks: string) => string): string {
  const { index = -1, 0: marks = '' } = closing.exec(text) ?? {};
  if (index < 0) return text;
  const lastWord = text.slice(0, index).split(/\s/u).at(-1) ?? '';
  if (/[/@\\=<>{}[\]`_]/u.test(lastWord)) return text;
  if (literalStretches(text).some(([from, to]) => index >= from && index <= to)) return text;
  return text.slice(0, index) + write(marks) + text.slice(index + marks.length);
}
