import { plainDigits, roundInteger, roundToPlaces } from './decimal.ts';
import { JinjaError, typeError, valueError } from './errors.ts';
import { filterOf } from './filters-of-lists.ts';
import { floatDigits } from './format-number.ts';
import { calculate, floatOf, negated, numberOf } from './numbers.ts';
import { parseFloatText, parseIntegerText } from './parse-numbers.ts';
import {
  type Arguments,
  float,
  indexOf,
  integer,
  isInteger,
  isTrue,
  isUndefined,
  orElse,
  typeName,
  type Value,
} from './values.ts';

type Filter = (args: Arguments) => Value;

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: filterOf('abs', 'x', (value) => {
    const number = numberOf(value);
    if (number === undefined) {
      if (isUndefined(value)) throw typeError("bad operand type for abs(): 'Undefined'");
      throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
    }
    return (typeof number === 'object' ? number.value : number) < 0 || Object.is(number, -0)
      ? negated(number)
      : typeof number === 'object'
        ? float(Math.abs(number.value))
        : number;
  }),
  int: filterOf('int', 'value default? base?', (value, otherwise = 0, base = 10) =>
    orElse(toInteger(value, indexOf(base)), () => otherwise),
  ),
  float: filterOf('float', 'value default?', (value, otherwise = float(0)) => {
    if (isUndefined(value)) throw value.error();
    const result = toFloat(value);
    return result === undefined ? otherwise : float(result);
  }),
  round: filterOf('round', 'value precision? method?', round),
  filesizeformat: filterOf('filesizeformat', 'value binary?', (value, binary = false) => {
    const bytes = toFloat(value);
    if (bytes === undefined) throw valueError(`could not convert to float: ${typeName(value)}`);
    return fileSize(bytes, isTrue(binary));
  }),
};

function toFloat(value: Value): number | undefined {
  if (typeof value === 'string') return parseFloatText(value);
  const number = numberOf(value);
  return number === undefined ? undefined : floatOf(number);
}

function toInteger(value: Value, base: number): Value | undefined {
  if (isUndefined(value)) throw value.error();
  if (typeof value === 'string') {
    const parsed = parseIntegerText(value, base);
    if (parsed !== undefined) return parsed;
    return truncated(parseFloatText(value));
  }
  const number = numberOf(value);
  if (number === undefined || typeof number !== 'object') return number;
  if (!Number.isFinite(number.value) && !Number.isNaN(number.value)) {
    throw new JinjaError('OverflowError', 'cannot convert float infinity to integer');
  }
  return truncated(number.value);
}

const truncated = (value: number | undefined): Value | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : integer(BigInt(Math.trunc(value)));

function round(value: Value, precision: Value = 0, method: Value = 'common'): Value {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor')
    throw valueError('method must be common, ceil or floor');
  const number = numberOf(value);
  if (isUndefined(value)) throw value.error();
  if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  const places = indexOf(precision);
  if (method === 'common') {
    if (typeof number !== 'object') return places >= 0 ? number : integer(roundInteger(BigInt(number), places));
    if (!Number.isFinite(number.value)) return number;
    if (Math.abs(places) > 330) return places > 0 ? number : float(0);
    const sign = number.value < 0 || Object.is(number.value, -0) ? '-' : '';
    return float(Number(sign + plainDigits(roundToPlaces(number.value, places))));
  }
  const scale = calculate('**', 10, places);
  const scaled = calculate('*', number, scale as number);
  const whole = isInteger(scaled) ? scaled : integer(BigInt(Math[method](floatOf(scaled as never))));
  return calculate('/', whole, scale as number);
}

function fileSize(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const prefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const last = prefixes.length - 1;
  let place = 0;
  while (place < last && bytes >= base ** (place + 2)) place++;
  const size = floatDigits((base * bytes) / base ** (place + 2), { letter: 'f', precision: 1 });
  const prefix = prefixes[place] as string;
  return `${size} ${binary ? `${prefix.toUpperCase()}i` : prefix}B`;
}
