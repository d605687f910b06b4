import type { FieldsOfColumns } from '../../recipe/exact-json.ts';
import { withDurations } from './arrow-schema.ts';
import { leavesOf, PHYSICAL_TYPES, readSchema, type SchemaNode } from './schema.ts';
import { bytesAt, countOf, numberAt, readStruct, structAt, structsAt, type ThriftStruct } from './thrift.ts';

/** What a Parquet file says of itself. Source: parquet.thrift of Apache Parquet's format. */
export interface Metadata {
  readonly schema: SchemaNode;
  readonly groups: readonly RowGroup[];
}

/** Rows that lie together, column by column. */
export interface RowGroup {
  readonly rows: number;
  readonly columns: readonly ColumnChunk[];
}

/** The values of a column in a group. */
export interface ColumnChunk {
  readonly node: SchemaNode;
  /** For messages. */
  readonly name: string;
  readonly codec: number;
  readonly values: number;
  /** Place of its first page in the file, and bytes of all of them. */
  readonly from: number;
  readonly length: number;
  readonly statistics: Statistics;
}

export interface Statistics {
  readonly nulls: number | undefined;
  readonly least: Bound | undefined;
  readonly greatest: Bound | undefined;
}

/** A value as it lies in the file; `isExact` if it is one of the column's, not one below or above all of them. */
export interface Bound {
  readonly bytes: Uint8Array;
  readonly isExact: boolean | undefined;
}

/**
 * Rows, and elements of lists, may be constant or null and take next to no place, but they are not without end: a file has
 * as many as bits, or some.
 */
const FEW = 2 ** 18;
/** Bytes of a page, or of a table of contents, unpacked. */
export const LARGEST_PAGE = 2 ** 30;

/**
 * @param contents the table of contents
 * @param size of the file in bytes
 * @param fields what columns are called by the recipe, where they are given other names
 * @throws {Error} with what does not fit together
 */
export function readMetadata(contents: Uint8Array, size: number, fields?: FieldsOfColumns): Metadata {
  const { struct } = readStruct(contents);
  if (structAt(struct, 8)) throw new Error('it is encrypted');
  const plain = readSchema(structsAt(struct, 2), fields);
  const arrow = textOf(struct, 'ARROW:schema');
  const schema = arrow === undefined ? plain : withDurations(plain, arrow);
  const leaves = leavesOf(schema);
  if (leaves.length === 0) throw new Error('it has no columns');
  const groups = structsAt(struct, 4).map((group, i) => readGroup(group, leaves, { of: `row group ${i + 1}`, size }));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (countOf(numberAt(struct, 3), 'the number of rows') !== rows)
    throw new Error(`it has ${numberAt(struct, 3)} rows, and ${rows} in its groups`);
  for (const [at, leaf] of leaves.entries()) {
    const values = groups.reduce((sum, { columns }) => sum + (columns[at]?.values ?? 0), 0);
    if (values > FEW + 8 * size)
      throw new Error(`column ${JSON.stringify(leaf.path.join('.'))} claims ${values} values in ${size} bytes`);
  }
  return { schema, groups };
}

/** What a writer says beside, by its name. */
function textOf(struct: ThriftStruct, name: string): string | undefined {
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
  const found = struct.has(5) ? structsAt(struct, 5).find((pair) => text(bytesAt(pair, 1)) === name) : undefined;
  return found && text(bytesAt(found, 2));
}

interface Place {
  readonly of: string;
  readonly size: number;
}

function readGroup(group: ThriftStruct, leaves: readonly SchemaNode[], { of, size }: Place): RowGroup {
  const rows = countOf(numberAt(group, 3), `the number of rows of ${of}`);
  const columns = structsAt(group, 1);
  if (columns.length !== leaves.length) throw new Error(`${of} does not have the columns of the schema`);
  return {
    rows,
    columns: columns.map((column, at) => {
      const chunk = readChunk(column, leaves[at] as SchemaNode, { of, size });
      const { values, name, node } = chunk;
      if (node.repetitions > 0 ? values < rows : values !== rows)
        throw new Error(`${name} has ${values} values for ${rows} rows`);
      return chunk;
    }),
  };
}

function readChunk(column: ThriftStruct, node: SchemaNode, { of, size }: Place): ColumnChunk {
  const name = `column ${JSON.stringify(node.path.join('.'))} of ${of}`;
  const said = structAt(column, 3);
  if (column.has(1) || said === undefined) throw new Error(`${name} is not in the file`);
  const path = said.get(3);
  const parts = Array.isArray(path) ? path.map((part) => Buffer.from(part as Uint8Array).toString()) : [];
  if (parts.join('\0') !== node.path.join('\0')) throw new Error(`${of} does not have the columns of the schema`);
  if (PHYSICAL_TYPES[numberAt(said, 1) ?? -1] !== node.type) throw new Error(`${name} has another type in the schema`);
  // Some writers leave out where the dictionary is: it then lies where the data is said to be.
  const offsets = [numberAt(said, 11), numberAt(said, 9)].filter((offset) => offset !== undefined && offset > 0);
  const from = countOf(Math.min(...(offsets as number[])), `the place of ${name}`);
  const length = countOf(numberAt(said, 7), `the length of ${name}`);
  if (from + length > size) throw new Error(`${name} lies beyond the end of the file`);
  const values = countOf(numberAt(said, 5), `the number of values of ${name}`);
  return {
    node,
    name,
    codec: numberAt(said, 4) ?? 0,
    values,
    from,
    length,
    statistics: statisticsOf(structAt(said, 12)),
  };
}

/** The fields 1 and 2 are older, and of no stated order. */
function statisticsOf(statistics: ThriftStruct = new Map()): Statistics {
  const bound = (field: number, exact: number): Bound | undefined => {
    const bytes = bytesAt(statistics, field);
    const isExact = statistics.get(exact);
    return bytes && { bytes, isExact: typeof isExact === 'boolean' ? isExact : undefined };
  };
  return { nulls: numberAt(statistics, 3), least: bound(6, 8), greatest: bound(5, 7) };
}
