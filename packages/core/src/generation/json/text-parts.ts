import { completeNumber, isNumber, type NumberRange } from './number-literal.ts';
import type { Part } from './parts.ts';

/** How many characters a text may have. */
export interface Lengths {
  readonly least: number;
  readonly most: number;
}

const code = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH] = [code('"'), code('\\')];
const ESCAPED = new Set([...'"\\/bfnrt'].map(code));

/** No token writes as many characters: a limit in name only, which counts. */
const FREE = 2 ** 40;

/**
 * The rest of a JSON string, with the quote that ends it, after so many characters. Bytes are those of UTF-8, and `\u` of
 * half a character is not written. Where a length is bounded no character beyond U+FFFF is: JSON Schema counts it once,
 * JavaScript twice.
 */
export function stringRest(lengths: Lengths, written = 0): Part {
  const { least, most } = lengths;
  // What no bound asks for is not counted.
  const count = Number.isFinite(most) ? written : Math.min(written, least);
  const next = () => stringRest(lengths, count + 1);
  const isCounted = Number.isFinite(most) && most !== FREE && count >= least && count <= most;
  return {
    ...(isCounted && { counted: { free: stringRest({ least: 0, most: FREE }), room: most - count } }),
    ...(most === FREE && { written: count }),
    key: `string ${least} ${most} ${count}`,
    least: least > most ? Infinity : Math.max(0, least - count) + 1,
    after(byte) {
      if (byte === QUOTE) return count >= least ? [] : undefined;
      if (count >= most || byte < 0x20) return undefined;
      if (byte === BACKSLASH) return [escapeRest, next()];
      if (byte < 0x80) return [next()];
      const tail = tailOf(byte, !Number.isFinite(most));
      return tail && [...tail, next()];
    },
  };
}

/** Behind a backslash. */
const escapeRest: Part = {
  key: 'escape',
  least: 1,
  after: (byte) => (ESCAPED.has(byte) ? [] : byte === code('u') ? [hexDigit(0, false)] : undefined),
};

/** The four digits of `\u`; after a D the second one is below 8, because the others are halves of a character. */
const hexDigit = (written: number, belowEight: boolean): Part => ({
  key: `hex ${written} ${belowEight}`,
  least: 4 - written,
  after(byte) {
    const digit = String.fromCharCode(byte);
    if (!(belowEight ? /[0-7]/ : /[0-9a-fA-F]/).test(digit)) return undefined;
    return written === 3 ? [] : [hexDigit(written + 1, written === 0 && /[dD]/.test(digit))];
  },
});

/** The bytes behind the first of a character of several. Source: Unicode 16, table 3-7, well-formed UTF-8. */
function tailOf(first: number, withFour: boolean): Part[] | undefined {
  if (first >= 0xc2 && first <= 0xdf) return [tail(0x80, 0xbf)];
  if (first >= 0xe0 && first <= 0xef) {
    return [tail(first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf), tail(0x80, 0xbf)];
  }
  if (!withFour || first < 0xf0 || first > 0xf4) return undefined;
  return [tail(first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf), tail(0x80, 0xbf), tail(0x80, 0xbf)];
}

const tail = (from: number, to: number): Part => ({
  key: `tail ${from} ${to}`,
  least: 1,
  after: (byte) => (byte >= from && byte <= to ? [] : undefined),
});

/**
 * A number, of which a text is written already; nothing ends it but what stands behind it.
 * @param at tells the ranges of a schema apart
 */
export function numberRest(range: NumberRange, at: number, text = ''): Part {
  return {
    key: `number ${at} ${text}`,
    least: completeNumber(text, range)?.length ?? Infinity,
    mayBeNothing: isNumber(text, range),
    after(byte) {
      const next = numberRest(range, at, text + String.fromCharCode(byte));
      return next.least === Infinity ? undefined : [next];
    },
  };
}
