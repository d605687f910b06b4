import { plainDigits, roundToDigits, roundToPlaces } from './decimal.ts';
import { reprFloat } from './repr.ts';

/** How a float is asked for: `e`, `f` or `g`, with so many digits; `#` keeps a point and zeros. */
export interface FloatStyle {
  readonly letter: 'e' | 'f' | 'g';
  readonly precision: number;
  readonly alternate?: boolean;
}

/** A float's digits without its sign, in small letters. */
export function floatDigits(value: number, { letter, precision, alternate = false }: FloatStyle): string {
  if (!Number.isFinite(value)) return reprFloat(Math.abs(value));
  const absolute = Math.abs(value);
  if (letter === 'f')
    return plainDigits(roundToPlaces(absolute, precision)) + (alternate && precision === 0 ? '.' : '');
  if (letter === 'e') {
    const { digits, exponent } = roundToDigits(absolute, precision + 1);
    return withExponent(digits, exponent, alternate);
  }
  const count = precision || 1;
  const { digits, exponent } = roundToDigits(absolute, count);
  const kept = alternate ? digits : digits.replace(/(?<=.)0+$/, '');
  if (exponent < -4 || exponent >= count) return withExponent(kept, exponent, alternate);
  const places = count - 1 - exponent;
  const plain = plainDigits({ negative: false, digits: BigInt(digits), places });
  if (alternate) return plain.includes('.') ? plain : `${plain}.`;
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function withExponent(digits: string, exponent: number, alternate: boolean): string {
  const [first, rest] = [digits.slice(0, 1), digits.slice(1)];
  const point = rest !== '' || alternate ? '.' : '';
  return `${first}${point}${rest}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A thousands separator every so many digits of the whole part. */
export function grouped(digits: string, separator: string, every = 3): string {
  const end = digits.search(/[^\da-f]|$/i);
  let whole = digits.slice(0, end);
  let result = '';
  for (; whole.length > every; whole = whole.slice(0, -every)) result = separator + whole.slice(-every) + result;
  return whole + result + digits.slice(end);
}
