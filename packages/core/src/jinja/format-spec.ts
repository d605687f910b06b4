import { spendText } from './budget.ts';
import { lengthOfText, sliceText } from './code-points.ts';
import { typeError, valueError } from './errors.ts';
import { floatDigits, grouped } from './format-number.ts';
import { floatOf, numberOf } from './numbers.ts';
import { reprFloat, str } from './repr.ts';
import { bare, type Float, type Integer, typeName, type Value } from './values.ts';

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([,_])?([a-zA-Z%])?$/u;

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly separator: string;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Python's `format(value, spec)`. @throws {JinjaError} */
export function formatValue(given: Value, spec: string): string {
  const value = bare(given);
  if (spec === '') return str(value);
  const number = numberOf(value);
  if (number === undefined && typeof value !== 'string') {
    throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const parsed = parseSpec(spec, value);
  spendText(parsed.width + (parsed.precision ?? 0));
  if (typeof value === 'string') return formatText(value, parsed);
  const number_ = number as Integer | Float;
  if (typeof number_ === 'object' || 'eEfFgG%'.includes(parsed.type || '?'))
    return formatFloat(floatOf(number_), parsed);
  if (typeof value === 'boolean' && parsed.type === '') return formatInteger(number_, { ...parsed, type: 'd' });
  return formatInteger(number_, parsed);
}

function parseSpec(spec: string, value: Value): Spec {
  const found = SPEC.exec(spec);
  if (!found) throw valueError(`Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  const [, fill, align, sign = '', , alternate, zero, width, separator = '', precision, , type = ''] = found;
  return {
    fill: fill ?? (zero && !align ? '0' : ' '),
    align: align ?? (zero && typeof value !== 'string' ? '=' : undefined),
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    separator,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

const unknown = (type: string, value: string) =>
  valueError(`Unknown format code '${type}' for object of type '${value}'`);

function formatText(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') throw unknown(spec.type, 'str');
  if (spec.sign !== '') throw valueError('Sign not allowed in string format specifier');
  if (spec.align === '=') throw valueError("'=' alignment not allowed in string format specifier");
  const shown = spec.precision === undefined ? text : sliceText(text, 0, spec.precision);
  return aligned('', shown, { ...spec, align: spec.align ?? '<' });
}

function formatInteger(value: Integer, spec: Spec): string {
  const absolute = value < 0 ? -BigInt(value) : BigInt(value);
  const { type } = spec;
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
  if (type === 'c') return aligned('', String.fromCodePoint(Number(value)), { ...spec, align: spec.align ?? '<' });
  const bases: Readonly<Record<string, number>> = { '': 10, d: 10, n: 10, b: 2, o: 8, x: 16, X: 16 };
  const base = bases[type];
  if (base === undefined) throw unknown(type, 'int');
  const digits = type === 'X' ? absolute.toString(16).toUpperCase() : absolute.toString(base);
  const prefix = spec.alternate && base !== 10 ? `0${type}` : '';
  return number(signOf(value < 0, spec.sign) + prefix, digits, spec, base === 10 ? 3 : 4);
}

function formatFloat(value: number, spec: Spec): string {
  const { type, precision, alternate } = spec;
  const isNegative = value < 0 || Object.is(value, -0);
  const letter = type.toLowerCase();
  let digits: string;
  if (type === '' && precision === undefined) digits = reprFloat(Math.abs(value));
  else if (type === '') digits = shortDigits(Math.abs(value), precision as number);
  else if (type === '%') digits = `${floatDigits(value * 100, { letter: 'f', precision: precision ?? 6, alternate })}%`;
  else if (letter === 'e' || letter === 'f' || letter === 'g') {
    digits = floatDigits(value, { letter, precision: precision ?? 6, alternate });
  } else if (type === 'n') digits = floatDigits(value, { letter: 'g', precision: precision ?? 6, alternate });
  else throw unknown(type, 'float');
  return number(signOf(isNegative, spec.sign), type !== letter ? digits.toUpperCase() : digits, spec, 3);
}

/** Without a letter a float is written as by `g`, but with a digit after the point. */
function shortDigits(value: number, precision: number): string {
  const digits = floatDigits(value, { letter: 'g', precision });
  if (!/^\d+$/.test(digits)) return digits;
  // One digit of the precision is for after the point.
  return digits.length >= Math.max(precision, 1)
    ? floatDigits(value, { letter: 'e', precision: digits.length - 1 }).replace(/\.?0+e/, 'e')
    : `${digits}.0`;
}

function signOf(isNegative: boolean, sign: string): string {
  if (isNegative) return '-';
  return sign === '-' ? '' : sign;
}

function number(sign: string, digits: string, spec: Spec, every: number): string {
  const { separator, fill, align, width } = spec;
  let shown = separator ? grouped(digits, separator, every) : digits;
  if (separator && fill === '0' && align === '=') {
    // Zeros before the number are grouped too.
    const whole = digits.search(/[^\da-f]|$/i);
    let padded = digits;
    while (sign.length + grouped(padded, separator, every).length < width) {
      const more = `0${padded}`;
      if (sign.length + grouped(more, separator, every).length > width && whole > 0) {
        padded = more;
        break;
      }
      padded = more;
    }
    shown = grouped(padded, separator, every);
  }
  return aligned(sign, shown, { ...spec, align: align ?? '>' });
}

function aligned(sign: string, text: string, { fill, align, width }: Spec): string {
  const missing = Math.max(0, width - sign.length - lengthOfText(text));
  if (align === '<') return sign + text + fill.repeat(missing);
  if (align === '=') return sign + fill.repeat(missing) + text;
  if (align === '^') {
    const left = Math.floor(missing / 2);
    return fill.repeat(left) + sign + text + fill.repeat(missing - left);
  }
  return fill.repeat(missing) + sign + text;
}
