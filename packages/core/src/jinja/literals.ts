import { syntaxError } from './errors.ts';
import { float, integer, type Value } from './values.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([\s\S]))/gi;

/** What stands between the quotes of a string, with Python's escapes read. @throws {JinjaError} */
export function readString(text: string, line: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (written, octal, two, four, eight, letter) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    // The pattern looks away from case, but \X and \U are no \x and \u.
    const hex = (written[1] === 'x' ? two : undefined) ?? (written[1] === 'u' ? four : undefined);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (written[1] === 'U' && eight !== undefined) {
      const code = Number.parseInt(eight, 16);
      if (code > 0x10ffff) throw syntaxError('illegal Unicode character', line);
      return String.fromCodePoint(code);
    }
    if (letter === undefined) return written;
    if (/[xuUN]/.test(letter)) throw syntaxError(`a string has an escape \\${letter} that can't be read`, line);
    return ESCAPES[letter] ?? written;
  });
}

export function readNumber(text: string): Value {
  const digits = text.replaceAll('_', '');
  if (/^0[box]/i.test(digits)) return integer(BigInt(digits.toLowerCase()));
  return /[.e]/i.test(digits) ? float(Number(digits)) : integer(BigInt(digits));
}
