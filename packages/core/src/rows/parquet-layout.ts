import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';

/**
 * What a Parquet file says of itself is compared before its data is read: `hyparquet` takes it as it is, reads past the ends
 * of what it was given, counts other rows than there are, and forgets the errors of columns that it does not expect.
 */

/** Bytes of a group of rows, unpacked. It is in memory at once, several times over. */
const LARGEST_GROUP = 2 ** 31;

/**
 * @param size of the file in bytes
 * @throws {Error} with what does not fit together
 */
export function assertLayout(metadata: FileMetaData, size: number): void {
  const leaves = leavesOf(parquetSchema(metadata));
  const doubled = leaves.find(({ path }, i) => leaves.findIndex((other) => other.path === path) !== i);
  if (doubled) throw new Error(`two columns are named ${JSON.stringify(doubled.path)}`);
  let rows = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    const of = `row group ${i + 1}`;
    const groupRows = count(group.num_rows, `the number of rows of ${of}`);
    rows += groupRows;
    const paths = group.columns.map(({ meta_data }) => meta_data?.path_in_schema.join('.'));
    if (paths.length !== leaves.length || leaves.some(({ path }, at) => path !== paths[at])) {
      throw new Error(`${of} does not have the columns of the schema`);
    }
    const unpacked = group.columns.map((column, at) =>
      assertColumn(column, leaves[at] as Leaf, { of, size, groupRows }),
    );
    if (unpacked.reduce((sum, bytes) => sum + bytes, 0) > LARGEST_GROUP) {
      throw new Error(`${of} is larger than ${LARGEST_GROUP} bytes when it is unpacked; write smaller groups`);
    }
  }
  if (count(metadata.num_rows, 'the number of rows') !== rows) {
    throw new Error(`it has ${metadata.num_rows} rows, and ${rows} in its groups`);
  }
}

interface Leaf {
  readonly path: string;
  /** Holds lists, so that a row has any number of values. */
  readonly repeated: boolean;
}

function leavesOf({ element, children, path }: SchemaTree, within = false): Leaf[] {
  const repeated = within || element.repetition_type === 'REPEATED';
  if (path.includes('__proto__')) throw new Error('a column is named "__proto__"');
  if (children.length > 0) return children.flatMap((child) => leavesOf(child, repeated));
  return path.length === 0 ? [] : [{ path: path.join('.'), repeated }];
}

type Column = FileMetaData['row_groups'][number]['columns'][number];

/** @returns the bytes of the column when it is unpacked */
function assertColumn(
  { meta_data: column, file_path }: Column,
  { path, repeated }: Leaf,
  { of, size, groupRows }: { of: string; size: number; groupRows: number },
): number {
  const at = `column ${JSON.stringify(path)} of ${of}`;
  if (file_path || !column) throw new Error(`${at} is not in the file`);
  const values = count(column.num_values, `the number of values of ${at}`);
  if (repeated ? values < groupRows : values !== groupRows)
    throw new Error(`${at} has ${values} values for ${groupRows} rows`);
  const { data_page_offset, dictionary_page_offset, total_compressed_size, total_uncompressed_size } = column;
  const first = count(dictionary_page_offset || data_page_offset, `the place of ${at}`);
  const length = count(total_compressed_size, `the length of ${at}`);
  if (first + length > size) throw new Error(`${at} lies beyond the end of the file`);
  const unpacked = count(total_uncompressed_size, `the unpacked length of ${at}`);
  // A value takes a bit of its own at least, or there are levels and runs of equal ones.
  return Math.max(unpacked, values);
}

function count(value: unknown, what: string): number {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${what} is ${String(value)}`);
  return number;
}
