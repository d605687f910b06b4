import { type FieldsOfColumns, isWithinCalls } from '../../recipe/exact-json.ts';
import { bytesAt, countOf, numberAt, structAt, type ThriftStruct } from './thrift.ts';

/** How a column's values lie in the file. */
export const PHYSICAL_TYPES = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
export type PhysicalType = (typeof PHYSICAL_TYPES)[number];

export type Unit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/** What the values mean. */
export type LogicalType =
  | { readonly kind: 'text' | 'json' | 'date' | 'uuid' | 'float16' | 'interval' | 'list' | 'map' | 'none' | 'other' }
  | { readonly kind: 'duration'; readonly unit: Unit }
  | { readonly kind: 'decimal'; readonly scale: number; readonly precision: number }
  | { readonly kind: 'integer'; readonly bits: number; readonly isSigned: boolean }
  | { readonly kind: 'time' | 'timestamp'; readonly unit: Unit; readonly isUtc: boolean };

/**
 * A column, or what lies within one. Levels are Dremel's: a value is there if its definition level is the node's, and one
 * with the node's repetition level goes on with a list.
 */
export interface SchemaNode {
  readonly name: string;
  /** From the top, without it. */
  readonly path: readonly string[];
  /** Whether it is part of tools or their calls, which stay what they are. */
  readonly isOfCalls: boolean;
  readonly repetition: 'required' | 'optional' | 'repeated';
  readonly definition: number;
  readonly repetitions: number;
  readonly logical: LogicalType;
  /** Of a column without others within it. */
  readonly type: PhysicalType | undefined;
  /** Bytes of a `FIXED_LEN_BYTE_ARRAY`. */
  readonly width: number;
  readonly children: readonly SchemaNode[];
}

/** Lists of lists of structures of lists … */
const DEEPEST = 64;
const REPETITIONS = ['required', 'optional', 'repeated'] as const;

/**
 * The schema, which lies flat in the file: a node, then its children.
 * @param fields what columns are called by the recipe, where they are given other names
 * @throws {Error} for one that does not fit together
 */
export function readSchema(elements: readonly ThriftStruct[], fields?: FieldsOfColumns): SchemaNode {
  let at = 0;
  const node = (within: SchemaNode | undefined): SchemaNode => {
    const element = elements[at++];
    if (element === undefined) throw new Error('the schema has fewer columns than it claims');
    const made = { ...nodeOf(element, within, fields), children: [] as SchemaNode[] };
    if (made.path.length > DEEPEST) throw new Error('the schema is nested too deep');
    const children = numberAt(element, 5) ?? 0;
    for (let i = 0; i < children; i++) made.children.push(node(made));
    const names = made.children.map(({ name }) => name);
    const doubled = names.find((name, i) => names.indexOf(name) !== i);
    if (doubled !== undefined) throw new Error(`two columns are named ${JSON.stringify(doubled)}`);
    return made;
  };
  const root = node(undefined);
  if (at !== elements.length) throw new Error('the schema has more columns than it claims');
  return root;
}

/** The columns that hold values, in the order of the file. */
export const leavesOf = (node: SchemaNode): SchemaNode[] =>
  node.type === undefined ? node.children.flatMap(leavesOf) : [node];

function nodeOf(
  element: ThriftStruct,
  within: SchemaNode | undefined,
  fields: FieldsOfColumns | undefined,
): Omit<SchemaNode, 'children'> {
  const name = Buffer.from(bytesAt(element, 4) ?? []).toString();
  if (name === '__proto__') throw new Error('a column is named "__proto__"');
  const isGroup = (numberAt(element, 5) ?? 0) > 0 || within === undefined;
  const type = PHYSICAL_TYPES[numberAt(element, 1) ?? -1];
  if (!isGroup && type === undefined) throw new Error(`column ${JSON.stringify(name)} has no type`);
  const repetition = within === undefined ? 'required' : REPETITIONS[numberAt(element, 3) ?? 0];
  if (repetition === undefined) throw new Error(`column ${JSON.stringify(name)} has no known repetition`);
  const path = within === undefined ? [] : [...within.path, name];
  return {
    name,
    path,
    isOfCalls: isWithinCalls(path, fields),
    repetition,
    definition: (within?.definition ?? 0) + (repetition === 'required' ? 0 : 1),
    repetitions: (within?.repetitions ?? 0) + (repetition === 'repeated' ? 1 : 0),
    logical: logicalOf(element),
    type: isGroup ? undefined : type,
    width: type === 'FIXED_LEN_BYTE_ARRAY' && !isGroup ? countOf(numberAt(element, 2), 'the length of a value') : 0,
  };
}

/** The kinds of the union `LogicalType`, by the numbers of their fields. */
function logicalOf(element: ThriftStruct): LogicalType {
  const union = structAt(element, 10);
  const kind = union?.keys().next().value;
  if (union === undefined || kind === undefined) return convertedOf(element);
  const of = structAt(union, kind) ?? new Map();
  if (kind === 1 || kind === 4) return { kind: 'text' };
  if (kind === 2) return { kind: 'map' };
  if (kind === 3) return { kind: 'list' };
  if (kind === 5) return { kind: 'decimal', scale: numberAt(of, 1) ?? 0, precision: numberAt(of, 2) ?? 0 };
  if (kind === 6) return { kind: 'date' };
  if (kind === 7 || kind === 8)
    return { kind: kind === 7 ? 'time' : 'timestamp', unit: unitOf(structAt(of, 2)), isUtc: of.get(1) === true };
  if (kind === 10) return { kind: 'integer', bits: numberAt(of, 1) ?? 64, isSigned: of.get(2) !== false };
  if (kind === 12) return { kind: 'json' };
  if (kind === 14) return { kind: 'uuid' };
  if (kind === 15) return { kind: 'float16' };
  return { kind: 'other' };
}

function unitOf(union: ThriftStruct | undefined): Unit {
  const kind = union?.keys().next().value;
  return kind === 1 ? 'milliseconds' : kind === 2 ? 'microseconds' : 'nanoseconds';
}

/** What older writers say instead, by number; their times are told in UTC. */
function convertedOf(element: ThriftStruct): LogicalType {
  const kind = numberAt(element, 6);
  if (kind === undefined) return { kind: 'none' };
  if (kind === 0 || kind === 4) return { kind: 'text' };
  if (kind === 1 || kind === 2) return { kind: 'map' };
  if (kind === 3) return { kind: 'list' };
  if (kind === 5) return { kind: 'decimal', scale: numberAt(element, 7) ?? 0, precision: numberAt(element, 8) ?? 0 };
  if (kind === 6) return { kind: 'date' };
  if (kind >= 7 && kind <= 10) {
    const unit = kind % 2 === 1 ? 'milliseconds' : 'microseconds';
    return { kind: kind < 9 ? 'time' : 'timestamp', unit, isUtc: true };
  }
  if (kind >= 11 && kind <= 18) return { kind: 'integer', bits: 8 << ((kind - 11) % 4), isSigned: kind >= 15 };
  if (kind === 21) return { kind: 'interval' };
  return { kind: kind === 19 ? 'json' : 'other' };
}
