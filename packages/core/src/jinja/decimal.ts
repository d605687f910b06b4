import { JinjaError } from './errors.ts';

/** A number in decimals, exactly: `digits` × 10^−`places`, with its sign apart. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly places: number;
}

const BITS = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double as a fraction of two whole numbers. */
function fractionOf(value: number): { numerator: bigint; denominator: bigint } {
  BITS.setFloat64(0, Math.abs(value));
  const bits = BITS.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const mantissa = bits & 0xfffffffffffffn;
  const scaled = exponent === 0 ? mantissa : mantissa | 0x10000000000000n;
  const power = Math.max(exponent, 1) - 1075;
  return power >= 0
    ? { numerator: scaled << BigInt(power), denominator: 1n }
    : { numerator: scaled, denominator: 1n << BigInt(-power) };
}

/** A finite double as a fraction in its lowest terms. */
export function ratioOf(value: number): { numerator: bigint; denominator: bigint } {
  if (!Number.isFinite(value)) throw new JinjaError('OverflowError', 'cannot convert Infinity or NaN to integer ratio');
  let { numerator, denominator } = fractionOf(value);
  while (denominator > 1n && numerator % 2n === 0n) {
    numerator /= 2n;
    denominator /= 2n;
  }
  return { numerator: value < 0 ? -numerator : numerator, denominator };
}

/** A quotient rounded to the nearest whole number, halves to the even one. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice < denominator || (twice === denominator && quotient % 2n === 0n)) return quotient;
  return quotient + 1n;
}

/** Rounds a finite number to so many places after the point (before it where negative), halves to even, as Python does. */
export function roundToPlaces(value: number, places: number): Decimal {
  const { numerator, denominator } = fractionOf(value);
  const power = 10n ** BigInt(Math.abs(places));
  const digits =
    places >= 0 ? divideRounded(numerator * power, denominator) : divideRounded(numerator, denominator * power);
  return { negative: value < 0 || Object.is(value, -0), digits, places };
}

/** Rounds a whole number likewise; places are negative. */
export function roundInteger(value: bigint, places: number): bigint {
  const power = 10n ** BigInt(-places);
  const absolute = divideRounded(value < 0n ? -value : value, power) * power;
  return value < 0n ? -absolute : absolute;
}

/** Rounds to so many digits in all, from 1. @returns the digits, and the power of ten of the first */
export function roundToDigits(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(value)));
  for (;;) {
    const digits = String(roundToPlaces(value, count - 1 - exponent).digits);
    // The logarithm can be one off, and rounding up can make one digit more.
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}

/** The digits with a point. */
export function plainDigits({ digits, places }: Decimal): string {
  if (places <= 0) return `${digits}${'0'.repeat(digits === 0n ? 0 : -places)}`;
  const text = String(digits).padStart(places + 1, '0');
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}
