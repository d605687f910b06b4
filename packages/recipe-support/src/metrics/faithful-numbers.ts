/** Number words from two on: "one" is mostly a pronoun. */
const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const NUMBER_WORDS: ReadonlyMap<string, string> = new Map([
  ...SMALL.map((word, value) => [word, `${value}`] as const),
  ...TENS.flatMap((tens, i) =>
    i < 2 ? [] : SMALL.slice(0, 10).map((word, j) => [j === 0 ? tens : `${tens}-${word}`, `${10 * i + j}`] as const),
  ),
]);

/**
 * The numbers of the output that its source does not have, as they stand in the output. A number is
 * - a run of digits with dots and commas inside it, wherever it stands: "€1,234.50", "A320" (320), "3:30" (3 and 30),
 *   "5th" (5); commas between groups of three are taken out, a decimal comma becomes a point, zeros at the end of a
 *   fraction are dropped, and nothing else is changed: "1,234.50" is 1234.5, "007" is not 7, "1.2.3" is a version;
 * - an English number word from "two" to "ninety-nine" ("zero" and "one" only in the source, for they are hardly ever
 *   numbers in a summary).
 * Numbers are compared as they are: one that was added up, rounded or converted is not in the source.
 */
export function unsupportedNumbers(source: string, output: string): string[] {
  const known = new Set(numbersOf(source).map(({ value }) => value));
  return numbersOf(output)
    .filter(({ value, text }) => !known.has(value) && !/^(zero|one)$/i.test(text))
    .map(({ text }) => text);
}

const NUMBER = /\d+(?:[.,]\d+)*|(?<![\p{L}\p{N}])\p{L}+(?:-\p{L}+)?(?![\p{L}\p{N}])/gu;

function numbersOf(text: string): { readonly text: string; readonly value: string }[] {
  return [...text.matchAll(NUMBER)].flatMap(([found]) => {
    const value = /^\d/.test(found) ? canonical(found) : NUMBER_WORDS.get(found.toLowerCase());
    return value === undefined ? [] : [{ text: found, value }];
  });
}

function canonical(digits: string): string {
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits)) return withoutZeros(digits.replaceAll(',', ''));
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(digits)) return withoutZeros(digits.replaceAll('.', '').replace(',', '.'));
  return /^\d+[.,]\d+$/.test(digits) ? withoutZeros(digits.replace(',', '.')) : digits;
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
}
