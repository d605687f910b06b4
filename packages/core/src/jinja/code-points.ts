/** Python counts characters, JavaScript halves of them: a text without surrogates is counted alike by both. */
const isPlain = (text: string): boolean => !/[\uD800-\uDFFF]/.test(text);

/** The characters of a text, each a text. */
export const charactersOf = (text: string): string[] => (isPlain(text) ? text.split('') : [...text]);

export function lengthOfText(text: string): number {
  if (isPlain(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The character at a place from 0, or from the end where it is negative; undefined where there is none. */
export function characterAt(text: string, place: number): string | undefined {
  return isPlain(text) ? text.at(place) : [...text].at(place);
}

/** A stretch of characters, from and to places from 0. */
export const sliceText = (text: string, from: number, to: number): string =>
  isPlain(text) ? text.slice(from, to) : [...text].slice(from, to).join('');

/** The number of characters before a place that JavaScript counts. */
export const charactersBefore = (text: string, place: number): number =>
  place <= 0 ? place : lengthOfText(text.slice(0, place));

/** As Python orders texts: by the numbers of their characters. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const both = Math.min(a.length, b.length);
  let i = 0;
  while (i < both && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === both) return a.length - b.length;
  const isSecondHalf = (text: string) => /[\uDC00-\uDFFF]/.test(text[i] as string);
  if (i > 0 && isSecondHalf(a) && isSecondHalf(b)) i--;
  return (a.codePointAt(i) as number) - (b.codePointAt(i) as number);
}

/** What Python takes for white space, as the inside of a character class. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${SPACE}]+`);
const ALL_SPACE = new RegExp(`^[${SPACE}]+$`);

export const isSpace = (text: string): boolean => ALL_SPACE.test(text);
export const stripStart = (text: string): string => text.replace(LEADING, '');

/** Not by a pattern, which would try every stretch of white space within the text. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ALL_SPACE.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
export const strip = (text: string): string => stripEnd(stripStart(text));

const LINE_ENDS = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';

/** Python's `splitlines`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  const ends = new RegExp(`\r\n|[${LINE_ENDS}]`, 'g');
  let from = 0;
  for (const { index, 0: end } of text.matchAll(ends)) {
    lines.push(text.slice(from, keepEnds ? index + end.length : index));
    from = index + end.length;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}
