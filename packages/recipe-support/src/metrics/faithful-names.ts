import { sentencesOf } from './sentences.ts';

/** Words that begin sentences and name nothing, though a name may follow: "After Monday", "The Acme agent". */
const OPENERS = new Set(
  (
    'a an the this that these those my your his her its our their he she it they we you who what when where why how ' +
    'in on at by for from to of with without about after before since until during as if because although while and ' +
    'but or so then now also both all each every some any no not only yes one two please dear hi hello thanks'
  ).split(' '),
);

/** Words that are written with a capital letter wherever they stand, and name nothing. */
const NO_NAMES = new Set(['i', "i'm", "i'd", "i'll", "i've", 'ok', 'mr', 'mrs', 'ms', 'dr']);

/**
 * The proper names of the output that its source does not have, as they stand in the output. A proper name is a word
 * with a capital first letter ("Crystal", "ATM", "November"); the first word of a sentence or of a list's line only
 * when the word after it has one too ("Crystal Minh called") and it is no article, pronoun, preposition or conjunction,
 * since it would be written with one anyway: a single name at the start of a sentence goes unchecked. A name is in the
 * source when it stands there as a whole word, in capital or small letters, with or without "'s".
 * For languages that capitalise names alone: German nouns, and titles in capitals, all count as names.
 */
export function unsupportedNames(source: string, output: string): string[] {
  const known = new Set(wordsOf(source).map(({ key }) => key));
  return namesOf(output)
    .filter(({ key }) => !known.has(key))
    .map(({ text }) => text);
}

interface Word {
  readonly text: string;
  readonly key: string;
  /** Whether nothing but white space stands between it and the word before it. */
  readonly joined: boolean;
}

function namesOf(text: string): Word[] {
  return sentencesOf(text).flatMap((sentence) => {
    const words = wordsOf(sentence);
    return words.filter((word, i) => {
      if (!isCapitalised(word)) return false;
      const next = words[i + 1];
      return i > 0 || (!OPENERS.has(word.key) && next?.joined === true && isCapitalised(next));
    });
  });
}

function wordsOf(text: string): Word[] {
  let end = 0;
  return [
    ...text
      .normalize('NFC')
      .replaceAll('’', "'")
      .matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:'\p{L}+)*/gu),
  ].map((match) => {
    const joined = text.slice(end, match.index).trim() === '';
    end = match.index + match[0].length;
    return { text: match[0], key: match[0].toLowerCase().replace(/'s$/, ''), joined };
  });
}

function isCapitalised({ text }: Word): boolean {
  return /^\p{Lu}/u.test(text) && !NO_NAMES.has(text.toLowerCase());
}
