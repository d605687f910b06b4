/**
 * Words as textstat finds them, in Python's terms: `\s` and `\w` are Unicode's, and not quite JavaScript's.
 */

/** What Python's `str.isspace` holds true: `\s` without U+FEFF, with the separators U+001C to U+001F and U+0085. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** Python's `\w`: letters, numbers and the underscore; no combining marks. */
const WORD = '\\p{L}\\p{N}_';

const SPACES = new RegExp(`[${SPACE}]+`, 'u');
const ALL_SPACES = new RegExp(`[${SPACE}]+`, 'gu');
const PUNCTUATION = new RegExp(`[^${WORD}${SPACE}]+`, 'gu');
const PUNCTUATION_BUT_APOSTROPHES = new RegExp(`[^${WORD}${SPACE}']+`, 'gu');
/** An apostrophe that no ending of a contraction follows ('t, 's, 'd, 've, 'll, 're). */
const OTHER_APOSTROPHE = /'(?![tsd]|ve|ll|re)/g;
const CONTRACTION_APOSTROPHE = /'(?=[tsd]|ve|ll|re)/g;
/**
 * From a word to the next full stop, exclamation or question mark, and all of those that follow. (textstat's
 * `\\b[^.!?]+[.!?]*` finds the same stretches: what ends one is no letter, so the next boundary is where a word begins.)
 */
const SENTENCE = new RegExp(`[${WORD}][^.!?]*[.!?]*`, 'gu');
/** One match for each word: from its first letter to the next white space. */
const WORD_ONWARDS = new RegExp(`[${WORD}][^${SPACE}]*`, 'gu');
const MOST_WORDS_OF_NO_SENTENCE = 2;

export interface WordOptions {
  /** What is taken out of the text before it is split. Default: punctuation, but for contractions' apostrophes. */
  readonly remove?: 'punctuation-but-contractions' | 'punctuation' | 'nothing';
  /** Whether the apostrophe of a contraction splits it in two. Default false. */
  readonly splitContractions?: boolean;
  /** Whether a hyphen splits a word in two. Default false: "well-balanced" is one word, "wellbalanced". */
  readonly splitHyphens?: boolean;
}

/** The words of a text in order. Punctuation is removed without a space in its place: "a...b" is one word, "ab". */
export function wordsOf(text: string, options: WordOptions = {}): string[] {
  const { remove = 'punctuation-but-contractions', splitContractions = false, splitHyphens = false } = options;
  let rest = splitHyphens ? text.replaceAll('-', ' ') : text;
  if (remove !== 'nothing') rest = withoutPunctuation(rest, remove === 'punctuation');
  if (splitContractions) rest = rest.replace(CONTRACTION_APOSTROPHE, ' ');
  const words = rest.split(SPACES);
  if (words[0] === '') words.shift();
  if (words.at(-1) === '') words.pop();
  return words;
}

function withoutPunctuation(text: string, apostrophesToo: boolean): string {
  if (apostrophesToo) return text.replace(PUNCTUATION, '');
  return text.replace(OTHER_APOSTROPHE, '').replace(PUNCTUATION_BUT_APOSTROPHES, '');
}

/**
 * How many sentences a text has: stretches up to `.`, `!` or `?` with three words or more, and at least one in a text
 * that is not empty. Line breaks end no sentence, and an abbreviation's full stop does.
 */
export function sentenceCount(text: string): number {
  if (text === '') return 0;
  let sentences = 0;
  for (const [stretch] of text.matchAll(SENTENCE)) if (isSentence(stretch)) sentences += 1;
  return Math.max(1, sentences);
}

function isSentence(stretch: string): boolean {
  let words = 0;
  for (const _ of stretch.matchAll(WORD_ONWARDS)) if (++words > MOST_WORDS_OF_NO_SENTENCE) return true;
  return false;
}

/** Characters by code point, white space left out unless asked for. */
export function characterCount(text: string, { spaces = false } = {}): number {
  return codePoints(spaces ? text : text.replace(ALL_SPACES, ''));
}

/** Letters, digits and underscores. */
export function letterCount(text: string): number {
  return codePoints(text.replace(ALL_SPACES, '').replace(PUNCTUATION, ''));
}

/** The length of a text as Python's `len` has it: by code point, where JavaScript counts UTF-16 units. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count -= 1;
  }
  return count;
}
