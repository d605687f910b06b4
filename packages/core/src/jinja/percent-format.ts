import { spendText } from './budget.ts';
import { lengthOfText, sliceText } from './code-points.ts';
import { getText } from './dict.ts';
import { JinjaError, typeError, valueError } from './errors.ts';
import { floatDigits } from './format-number.ts';
import { floatOf, numberOf } from './numbers.ts';
import { repr, str } from './repr.ts';
import { type Integer, indexOf, integer, isInteger, isKind, isUndefined, typeName, type Value } from './values.ts';

const DIRECTIVE = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/g;

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

/** Python's `format % values`. @throws {JinjaError} where they do not go together */
export function formatPercent(format: string, values: Value): string {
  const given = isKind(values, 'tuple') ? values.items : [values];
  let used = 0;
  let named = false;
  const next = (): Value => {
    const value = given[used++];
    if (value === undefined) throw typeError('not enough arguments for format string');
    return value;
  };
  const count = (text: string | undefined): number | undefined => {
    if (text !== '*') return text === undefined ? undefined : Number(text);
    return indexOf(next());
  };
  const text = format.replace(DIRECTIVE, (whole, name, flags, widthText, precisionText, letter) => {
    if (letter === undefined) throw valueError('incomplete format');
    if (letter === '%' && whole === '%%') return '%';
    const width = count(widthText) ?? 0;
    const precision = count(precisionText);
    if (letter === '%') return '%';
    const directive = { flags: width < 0 ? `${flags}-` : flags, width: Math.abs(width), precision, letter };
    if (name === undefined) return written(directive, next());
    named = true;
    return written(directive, valueNamed(values, name));
  });
  if (used < given.length && !named && !isFreeArgument(values)) {
    throw typeError('not all arguments converted during string formatting');
  }
  return text;
}

/** A mapping need not be used: `'x' % {}`. */
const isFreeArgument = (values: Value): boolean =>
  isKind(values, 'dict') || isKind(values, 'list') || isUndefined(values) || isKind(values, 'range');

function valueNamed(values: Value, name: string): Value {
  if (!isKind(values, 'dict')) throw typeError('format requires a mapping');
  const value = getText(values, name);
  if (value === undefined) throw new JinjaError('KeyError', repr(name));
  return value;
}

function written(directive: Directive, value: Value): string {
  const { flags, width, precision, letter } = directive;
  switch (letter) {
    case 's':
    case 'r':
    case 'a': {
      const text = letter === 's' ? str(value) : repr(value);
      return padded(directive, '', precision === undefined ? text : sliceText(text, 0, precision), false);
    }
    case 'c':
      return padded(directive, '', characterOf(value), false);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const number = wholeNumber(value, letter);
      const digits = integerDigits(
        number < 0 ? -BigInt(number) : BigInt(number),
        letter,
        precision,
        flags.includes('#'),
      );
      return padded(directive, signOf(flags, number < 0), digits, true);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const number = realNumber(value);
      const small = letter.toLowerCase() as 'e' | 'f' | 'g';
      const digits = floatDigits(number, { letter: small, precision: precision ?? 6, alternate: flags.includes('#') });
      const isNegative = number < 0 || Object.is(number, -0);
      const shown = letter === small ? digits : digits.toUpperCase();
      return padded(directive, signOf(flags, isNegative), shown, Number.isFinite(number));
    }
    default:
      spendText(width);
      throw valueError(`unsupported format character '${letter}'`);
  }
}

function signOf(flags: string, isNegative: boolean): string {
  if (isNegative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function integerDigits(value: bigint, letter: string, precision: number | undefined, alternate: boolean): string {
  const lower = letter.toLowerCase();
  const base = lower === 'x' ? 16 : lower === 'o' ? 8 : 10;
  spendText(precision ?? 0);
  const digits = value.toString(base).padStart(precision ?? 0, '0');
  const prefix = alternate && base !== 10 ? `0${lower}` : '';
  return letter === 'X' ? (prefix + digits).toUpperCase() : prefix + digits;
}

function padded({ flags, width }: Directive, sign: string, text: string, isNumber: boolean): string {
  const missing = width - sign.length - lengthOfText(text);
  if (missing <= 0) return sign + text;
  spendText(width);
  if (flags.includes('-')) return sign + text + ' '.repeat(missing);
  if (!isNumber || !flags.includes('0')) return ' '.repeat(missing) + sign + text;
  const prefix = /^0[xo]/i.exec(text)?.[0] ?? '';
  return sign + prefix + '0'.repeat(missing) + text.slice(prefix.length);
}

function wholeNumber(value: Value, letter: string): Integer {
  const number = numberOf(value);
  if (isInteger(number as Value)) return number as Integer;
  if (number !== undefined && 'di u'.includes(letter)) {
    if (!Number.isFinite(floatOf(number))) throw new JinjaError('OverflowError', 'cannot convert float to integer');
    return integer(BigInt(Math.trunc(floatOf(number))));
  }
  const wanted = 'diu'.includes(letter) ? 'a real number' : 'an integer';
  throw typeError(`%${letter} format: ${wanted} is required, not ${typeName(value)}`);
}

function realNumber(value: Value): number {
  const number = numberOf(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  return floatOf(number);
}

function characterOf(value: Value): string {
  if (typeof value === 'string' && lengthOfText(value) === 1) return value;
  const code = numberOf(value);
  if (typeof code !== 'number') throw typeError('%c requires an int or a unicode character');
  if (code < 0 || code > 0x10ffff) throw new JinjaError('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(code);
}
