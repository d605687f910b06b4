/** Numbers between bounds. */
export interface NumberRange {
  readonly isInteger: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** Exclusive bounds. */
  readonly above: number;
  readonly below: number;
}

/** Before the point; with them every number is finite, and every integer is exact. */
const DIGITS = 16;
const FRACTION_DIGITS = 15;

const LITERAL = new RegExp(`^-?(0|[1-9]\\d{0,${DIGITS - 1}})(\\.\\d{1,${FRACTION_DIGITS}})?$`);
const BEGUN = new RegExp(`^-?((0|[1-9]\\d{0,${DIGITS - 1}})(\\.\\d{0,${FRACTION_DIGITS}})?)?$`);
const CHARACTERS = [...'0123456789.-'];

/**
 * The shortest text that makes a number of the range out of what is written of it; undefined where none does. Numbers are
 * written without an exponent, so that none is too large to be a number.
 * @param text what is written, perhaps nothing
 */
export function completeNumber(text: string, range: NumberRange): string | undefined {
  let begun = [text];
  for (let length = 0; length <= DIGITS + FRACTION_DIGITS + 2 && begun.length > 0; length++) {
    const whole = begun.find((one) => isNumber(one, range));
    if (whole !== undefined) return whole.slice(text.length);
    begun = begun.flatMap((one) => CHARACTERS.map((next) => one + next).filter((next) => mayBecome(next, range)));
  }
  return undefined;
}

/** Whether it is a number of the range as it stands. Bounds are compared as whoever parses it will compare them. */
export function isNumber(text: string, { isInteger, minimum, maximum, above, below }: NumberRange): boolean {
  if (!LITERAL.test(text)) return false;
  const value = Number(text);
  if (isInteger && (text.includes('.') || !Number.isSafeInteger(value))) return false;
  return value >= minimum && value <= maximum && value > above && value < below;
}

/** Whether a number that begins so may lie in the range. It may say yes once too often, at a bound. */
export function mayBecome(text: string, range: NumberRange): boolean {
  if (!BEGUN.test(text) || (range.isInteger && text.includes('.'))) return false;
  const isNegative = text.startsWith('-');
  const least = Math.max(range.minimum, range.above);
  const most = Math.min(range.maximum, range.below);
  const [low, high] = isNegative ? [-most, -least] : [least, most];
  return sizesOf(isNegative ? text.slice(1) : text, range.isInteger).some(([from, to]) => from <= high && to >= low);
}

/** Where the size of a number may lie that begins with these digits, as intervals. */
function sizesOf(digits: string, isInteger: boolean): [from: number, to: number][] {
  if (digits === '') return [[0, Infinity]];
  const value = Number(digits);
  const [whole = '', fraction] = digits.split('.');
  if (fraction !== undefined) return [[value, value + 10 ** -fraction.length]];
  if (whole === '0') return [[0, isInteger ? 0 : 1]];
  return Array.from({ length: DIGITS - whole.length + 1 }, (_, more) => {
    const unit = 10 ** more;
    return [value * unit, (value + 1) * unit - (isInteger ? 1 : 0)];
  });
}
