import { isNamedOrder } from './number-labels.ts';

/**
 * A payment card's number: 13 to 19 digits, written together, in groups of four, or as 4-6-5 (American Express) or
 * 4-6-4 (Diners Club), with one kind of separator, space or hyphen; with a prefix and length that a card scheme uses;
 * and with Luhn's check digit (ISO/IEC 7812-1, annex B). Nine of ten order numbers of that length fail the last alone; one
 * that passes stays when it is written in one and the words right before it say what it is ("order 4929123456789013").
 */
const CANDIDATE =
  /(?<![\p{L}\p{N}_]|\d[.,])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})(?![\p{L}\p{N}_]|[.,]\d)/gu;

/** Prefixes and lengths of Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay and Maestro. */
const SCHEMES: readonly (readonly [prefix: RegExp, shortest: number, longest: number])[] = [
  [/^4/, 13, 19],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16],
  [/^3[47]/, 15, 15],
  [/^(6011|64[4-9]|65)/, 16, 19],
  [/^(30[0-5]|36|38|39)/, 14, 19],
  [/^35(2[89]|[3-8])/, 16, 19],
  [/^62/, 16, 19],
  [/^(50|5[6-8]|63|67)/, 16, 19],
];

export function maskCardNumbers(text: string, mask: string): { text: string; count: number } {
  const pieces: string[] = [];
  let end = 0;
  for (const { start, stop } of cardsOf(text)) {
    pieces.push(text.slice(end, start), mask);
    end = stop;
  }
  return { text: [...pieces, text.slice(end)].join(''), count: pieces.length / 2 };
}

/** Where cards stand. A run of groups may begin before its card ("2025 4111 …") and go on behind it ("… 1111 123"). */
function* cardsOf(text: string): Generator<{ readonly start: number; readonly stop: number }> {
  const candidate = new RegExp(CANDIDATE);
  for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
    const written = cardIn(match[0]);
    if (written && !(/^\d+$/.test(written) && isNamedOrder(text.slice(0, match.index)))) {
      candidate.lastIndex = match.index + written.length;
      yield { start: match.index, stop: candidate.lastIndex };
    } else {
      candidate.lastIndex = match.index + (/^\d+/.exec(match[0])?.[0].length ?? 1);
    }
  }
}

/** The most of the groups, from the first on, that are a card's number. */
function cardIn(written: string): string | undefined {
  const groups = written.split(/(?<=\d)(?=[ -])/);
  return groups
    .map((_, i) => groups.slice(0, groups.length - i).join(''))
    .find((part) => isCardNumber(part.replace(/\D/g, '')));
}

/** Whether a string of digits alone has a card scheme's prefix and length, and Luhn's check digit. */
export function isCardNumber(digits: string): boolean {
  const { length } = digits;
  const known = SCHEMES.some(([prefix, shortest, longest]) => {
    return prefix.test(digits) && length >= shortest && length <= longest;
  });
  return known && hasLuhnCheckDigit(digits);
}

/** From the right, every second digit doubled, the digits of the products added: a multiple of ten. */
export function hasLuhnCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.at(-1 - i));
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}
