import { strip } from './code-points.ts';
import { valueError } from './errors.ts';
import { type Integer, integer } from './values.ts';

/** Python's digits are those of all scripts. */
const ascii = (text: string): string =>
  text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    let code = digit.codePointAt(0) as number;
    // Ten digits of a script follow each other, from a multiple of ten on in most, from one that has no digit before it in all.
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
      code--;
      value++;
    }
    return String(value % 10);
  });

/** Python's `int(text, base)`; undefined for what is no number of that base. */
export function parseIntegerText(text: string, base: number): Integer | undefined {
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
  const found = /^([+-]?)(?:0([box])_?)?([\da-z]+(?:_[\da-z]+)*)$/i.exec(ascii(strip(text)));
  if (!found) return undefined;
  const [, sign, prefix, digitsText = ''] = found;
  const prefixed = { b: 2, o: 8, x: 16 }[(prefix ?? '').toLowerCase()];
  let radix = base;
  let digits = digitsText.replaceAll('_', '').toLowerCase();
  if (prefixed !== undefined && base !== 0 && base !== prefixed) digits = `0${prefix?.toLowerCase()}${digits}`;
  else if (base === 0) {
    radix = prefixed ?? 10;
    if (prefixed === undefined && /^0+[1-9]/.test(digits)) return undefined;
  }
  if (digits.length > 4300) return undefined;
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return integer(sign === '-' ? -value : value);
}

/** Python's `float(text)`; undefined for what is no number. */
export function parseFloatText(text: string): number | undefined {
  const bare = ascii(strip(text));
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(bare);
  if (special) {
    if (/nan/i.test(bare)) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const digits = '\\d+(?:_\\d+)*';
  const pattern = new RegExp(`^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`, 'i');
  return pattern.test(bare) ? Number(bare.replaceAll('_', '')) : undefined;
}
