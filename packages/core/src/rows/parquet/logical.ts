import { type FieldsOfColumns, numberLiteral, parseRowJson } from '../../recipe/exact-json.ts';
import { parseStrictJson } from '../../recipe/strict-json.ts';
import type { LogicalType, SchemaNode, Unit } from './schema.ts';
import type { Physical } from './values.ts';

/**
 * How a column's values are told as JSON has them: what no number holds exactly as a text, days as days, times without a zone
 * where the file names none.
 */
export function logicalReader(node: SchemaNode, fields?: FieldsOfColumns): (value: Physical) => unknown {
  if (node.logical.kind === 'json') {
    const parse = (json: string) => parseRowJson(json, fields, node.path);
    return (value) => parseStrictJson(text(value as Uint8Array), parse);
  }
  const told = readerOf(node);
  return node.isOfCalls ? (value) => asWritten(told(value), node) : told;
}

/** What chat templates write out of tools and their calls has to be the number that it is: 20.0, or one beyond 2⁵³. */
function asWritten(value: unknown, { type, logical }: Pick<SchemaNode, 'type' | 'logical'>): unknown {
  const isFloat = type === 'FLOAT' || type === 'DOUBLE' || logical.kind === 'float16';
  if (isFloat && Number.isInteger(value)) return numberLiteral(/e/.test(String(value)) ? String(value) : `${value}.0`);
  const isInteger = (type === 'INT32' || type === 'INT64') && /^(none|integer)$/.test(logical.kind);
  return isInteger && typeof value === 'string' ? numberLiteral(value) : value;
}

function readerOf({ logical, type }: Pick<SchemaNode, 'type' | 'logical'>): (value: Physical) => unknown {
  if (logical.kind === 'decimal') {
    const { scale, precision } = logical;
    return (value) => decimal(integerOf(value), scale, precision <= EXACT_DIGITS);
  }
  if (type === 'INT96') return (value) => timestamp(nanosecondsOf(value as Uint8Array), 'nanoseconds', false);
  if (type === 'INT32' || type === 'INT64') return integerReader(logical);
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return (value) => value;
  if (logical.kind === 'interval') return (value) => interval(value as Uint8Array);
  if (logical.kind === 'uuid') return (value) => uuid(value as Uint8Array);
  if (logical.kind === 'float16') return (value) => float16(value as Uint8Array);
  if (logical.kind === 'text') return (value) => text(value as Uint8Array);
  if (logical.kind === 'none') return (value) => textOrBytes(value as Uint8Array);
  return (value) => Uint8Array.from(value as Uint8Array);
}

function integerReader(logical: LogicalType): (value: Physical) => unknown {
  switch (logical.kind) {
    case 'duration':
      return (value) => durationOf(BigInt(value as number | bigint), logical.unit);
    case 'date':
      return (value) => dayOf(BigInt(value as number | bigint));
    case 'time':
      return (value) => clockOf(BigInt(value as number | bigint), logical.unit);
    case 'timestamp':
      return (value) => timestamp(BigInt(value as number | bigint), logical.unit, logical.isUtc);
    case 'integer':
      if (!logical.isSigned)
        return (value) => exact(BigInt.asUintN(typeof value === 'bigint' ? 64 : 32, BigInt(value as number | bigint)));
      return exact;
    default:
      return exact;
  }
}

/** Integers that no number holds exactly, as ids may be, are texts. */
function exact(value: Physical): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error('a text is not UTF-8');
  }
}

/** Bytes of which the file does not say what they are: texts for most writers, pictures for some. */
function textOrBytes(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch {
    return Uint8Array.from(bytes);
  }
}

/** Of either width, or as bytes, the highest first. */
function integerOf(value: Physical): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value);
  if (value.length > 64) throw new Error(`a decimal has ${value.length} bytes`);
  let integer = 0n;
  for (const byte of value) integer = (integer << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * value.length, integer);
}

/** Digits that every number of JavaScript holds. */
const EXACT_DIGITS = 15;

/** One column has one kind. */
function decimal(unscaled: bigint, scale: number, isNumber: boolean): unknown {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const written = `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
  return isNumber ? Number(written) : written;
}

const A_SECOND: Readonly<Record<Unit, bigint>> = {
  seconds: 1n,
  milliseconds: 1000n,
  microseconds: 1_000_000n,
  nanoseconds: 1_000_000_000n,
};
const A_DAY = 86_400n;

const floorDivide = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

/** `2026-01-31`, of the days since 1970. */
function dayOf(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  if (Number.isNaN(date.getTime())) return `day ${days} after 1970-01-01`;
  return date.toISOString().split('T')[0] as string;
}

/** `10:20:30.000123`, as Python tells it: with six digits, or nine, where there is a part of a second. */
function clockOf(time: bigint, unit: Unit): string {
  const seconds = time / A_SECOND[unit];
  const fraction = time % A_SECOND[unit];
  const of = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, '0'));
  const digits = String(fraction)
    .padStart(String(A_SECOND[unit]).length - 1, '0')
    .padEnd(6, '0')
    .replace(/^0+$|(?<=^.{6})000$/, '');
  return `${of.join(':')}${digits === '' ? '' : `.${digits}`}`;
}

/** `P1DT2H3M4.5S`, as pandas tells it: days may be below 0, and what follows them is added. */
function durationOf(duration: bigint, unit: Unit): string {
  const days = floorDivide(duration, A_DAY * A_SECOND[unit]);
  return `P${days}D${hoursOf(duration - days * A_DAY * A_SECOND[unit], unit)}`;
}

/** `T26H3M4.5S`. */
function hoursOf(time: bigint, unit: Unit): string {
  const seconds = time / A_SECOND[unit];
  const fraction = String((time % A_SECOND[unit]) + A_SECOND[unit])
    .slice(1)
    .replace(/0+$/, '');
  return `T${seconds / 3600n}H${(seconds / 60n) % 60n}M${seconds % 60n}${fraction === '' ? '' : `.${fraction}`}S`;
}

/** Months, days and milliseconds, which are no number of each other: `P1M2DT0H0M3.5S`. */
function interval(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [number, number, number];
  return `P${months === 0 ? '' : `${months}M`}${days}D${hoursOf(BigInt(milliseconds), 'milliseconds')}`;
}

/** `2026-01-31T10:20:30.000123`, with `Z` where it is told in UTC. */
function timestamp(time: bigint, unit: Unit, isUtc: boolean): string {
  const days = floorDivide(time, A_DAY * A_SECOND[unit]);
  return `${dayOf(days)}T${clockOf(time - days * A_DAY * A_SECOND[unit], unit)}${isUtc ? 'Z' : ''}`;
}

/** Nanoseconds of the day, then the Julian day. */
function nanosecondsOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (BigInt(view.getInt32(8, true)) - 2_440_588n) * A_DAY * 1_000_000_000n + view.getBigInt64(0, true);
}

function uuid(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function float16([low = 0, high = 0]: Uint8Array): number {
  const exponent = (high >> 2) & 31;
  const fraction = (((high & 3) << 8) | low) / 1024;
  const sign = high >> 7 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}
