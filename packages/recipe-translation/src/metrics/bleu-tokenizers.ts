import { splitWords } from './python-text.ts';

/** How BLEU cuts a segment into tokens; the names are sacreBLEU's. */
export type BleuTokenizer = '13a' | 'intl' | 'char' | 'none';

export const bleuTokenizers: Readonly<Record<BleuTokenizer, (segment: string) => string[]>> = {
  /** mteval-v13a: Western punctuation apart from words, full stops and commas inside numbers kept. The default. */
  '13a': (segment) => splitWords(westernPunctuation(` ${unescaped(segment)} `)),
  /** mteval-v14 international: every Unicode punctuation mark and symbol apart, except between digits. */
  intl: (segment) =>
    splitWords(
      segment
        .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
        .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
        .replace(/(\p{S})/gu, ' $1 '),
    ),
  /** Every character is a token: for languages written without spaces between words. */
  char: (segment) => splitWords(Array.from(segment).join(' ')),
  /** The text is in tokens already. */
  none: splitWords,
};

/** The language-independent part of mteval-v13a. */
function unescaped(segment: string): string {
  return segment
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** The part of mteval-v13a, and of Tercom's normalisation, that is for Western languages. */
export function westernPunctuation(segment: string): string {
  return numberPunctuation(segment.replace(asciiPunctuation, ' $1 '));
}

/** ASCII punctuation and symbols but the apostrophe, the hyphen, the full stop and the comma; and the space. */
export const asciiPunctuation = /([{-~[-` -&(-+:-@/])/gu;

/** Full stop and comma apart unless a digit stands before or after; a hyphen after a digit apart. */
export function numberPunctuation(segment: string): string {
  return segment
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
}
