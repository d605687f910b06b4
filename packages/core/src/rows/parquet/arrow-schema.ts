import type { SchemaNode, Unit } from './schema.ts';

/**
 * Durations have no type of Parquet's own: writers that build on Arrow (pyarrow, pandas, polars) store integers, and keep the
 * table's schema beside them, as Arrow's message in base64.
 * @see Schema.fbs and Message.fbs of Apache Arrow's format, and the layout of FlatBuffers
 */

/** A field as Arrow has it. */
interface ArrowField {
  readonly duration?: Unit;
  readonly children: readonly ArrowField[];
}

const DURATION = 18;
const UNITS: readonly Unit[] = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];
/** No table has more columns; what is damaged could point to the same ones over and over. */
const MOST_FIELDS = 10_000;

/** Fields of the tables, in the order of the schemas above. */
const OF_MESSAGE = { header: 2 } as const;
const OF_SCHEMA = { fields: 1 } as const;
const OF_FIELD = { kind: 2, type: 3, children: 5 } as const;
const OF_DURATION = { unit: 0 } as const;

/**
 * The schema with the columns that hold durations. One of Arrow's that is damaged names none: the file can be read without it.
 * @param encoded the value of `ARROW:schema`
 */
export function withDurations(schema: SchemaNode, encoded: string): SchemaNode {
  try {
    const bytes = Buffer.from(encoded, 'base64');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Newer writers put a mark before the length of the message.
    const start = view.getUint32(0, true) === 0xffffffff ? 8 : 4;
    const header = within(view, start + view.getUint32(start, true), OF_MESSAGE.header);
    if (header === undefined) return schema;
    const children = fieldsIn(view, header, OF_SCHEMA.fields, { fields: MOST_FIELDS });
    return withUnits(schema, { children });
  } catch (error) {
    if (error instanceof RangeError) return schema;
    throw error;
  }
}

function withUnits(node: SchemaNode, field: ArrowField): SchemaNode {
  if (field.duration !== undefined && node.type === 'INT64') {
    return { ...node, logical: { kind: 'duration', unit: field.duration } };
  }
  // Between a list and its element lies a level of Parquet's own, as between a map and its pairs, which Arrow has too.
  const [repeated] = node.children;
  const [pairs] = field.children;
  if (node.logical.kind === 'map' && repeated && pairs) return { ...node, children: [withUnits(repeated, pairs)] };
  if (node.logical.kind === 'list' && repeated) return { ...node, children: [withUnits(repeated, field)] };
  const children = node.children.map((child, i) => {
    const own = field.children[i];
    return own ? withUnits(child, own) : child;
  });
  return { ...node, children };
}

/** The place of what a table's field holds, or points to; undefined where it has its default. */
function placeOf(view: DataView, table: number, field: number): number | undefined {
  const offsets = table - view.getInt32(table, true);
  const at = 4 + 2 * field;
  if (at >= view.getUint16(offsets, true)) return undefined;
  const offset = view.getUint16(offsets + at, true);
  return offset === 0 ? undefined : table + offset;
}

function within(view: DataView, table: number, field: number): number | undefined {
  const place = placeOf(view, table, field);
  return place === undefined ? undefined : place + view.getUint32(place, true);
}

interface Left {
  fields: number;
}

function fieldsIn(view: DataView, table: number, field: number, left: Left): ArrowField[] {
  const vector = within(view, table, field);
  if (vector === undefined) return [];
  const count = view.getUint32(vector, true);
  left.fields -= count;
  if (left.fields < 0) throw new RangeError('the schema has too many fields');
  return Array.from({ length: count }, (_, i) => {
    const place = vector + 4 + 4 * i;
    return fieldAt(view, place + view.getUint32(place, true), left);
  });
}

function fieldAt(view: DataView, table: number, left: Left): ArrowField {
  const kind = placeOf(view, table, OF_FIELD.kind);
  const isDuration = kind !== undefined && view.getUint8(kind) === DURATION;
  const type = within(view, table, OF_FIELD.type);
  const unit = type === undefined ? undefined : placeOf(view, type, OF_DURATION.unit);
  // Milliseconds are the default, which is not written.
  const duration = unit === undefined ? 'milliseconds' : UNITS[view.getInt16(unit, true)];
  return {
    ...(isDuration && duration !== undefined && { duration }),
    children: fieldsIn(view, table, OF_FIELD.children, left),
  };
}
