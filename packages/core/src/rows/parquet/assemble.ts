import { keptName } from '../../recipe/exact-json.ts';
import type { ColumnReader } from './column.ts';
import { leavesOf, type SchemaNode } from './schema.ts';

/** Makes the next value of a column, or of what lies within it, out of the columns that hold its parts. */
type Assemble = () => unknown;

/**
 * Rows out of columns, as Dremel describes it: a level tells how much of the way to a value is there, another one which of
 * the lists around it goes on.
 * @returns what makes the next row
 */
export function assembleRows(schema: SchemaNode, columns: readonly ColumnReader[]): () => Record<string, unknown> {
  const columnOf = new Map(columns.map((column) => [column.node, column]));
  const fields = schema.children.map((node) => [node.name, assembleNode(node, columnOf)] as const);
  return () => Object.fromEntries(fields.map(([name, assemble]) => [name, assemble()]));
}

type Columns = ReadonlyMap<SchemaNode, ColumnReader>;

function assembleNode(node: SchemaNode, columns: Columns): Assemble {
  const within = leavesOf(node).map((leaf) => columns.get(leaf) as ColumnReader);
  const one = assembleOne(node, columns);
  if (node.repetition === 'required') return one;
  const isThere = () => agree(within, (column) => column.definition() >= node.definition, node);
  const nothing = () => {
    for (const column of within) column.take();
  };
  if (node.repetition === 'optional') {
    return () => {
      if (isThere()) return one();
      nothing();
      return null;
    };
  }
  const goesOn = () => agree(within, (column) => column.repetition() >= node.repetitions, node);
  return () => {
    const list: unknown[] = [];
    if (!isThere()) {
      nothing();
      return list;
    }
    do list.push(one());
    while (goesOn());
    return list;
  };
}

/** What all columns of a node say. @throws {Error} where they do not say the same */
function agree(
  columns: readonly ColumnReader[],
  says: (column: ColumnReader) => boolean,
  { path }: SchemaNode,
): boolean {
  const first = says(columns[0] as ColumnReader);
  for (const column of columns)
    if (says(column) !== first)
      throw new Error(`the columns within ${JSON.stringify(path.join('.'))} do not fit together`);
  return first;
}

/** A node that is there. */
function assembleOne(node: SchemaNode, columns: Columns): Assemble {
  if (node.type !== undefined) return (columns.get(node) as ColumnReader).take;
  const [repeated, second] = node.children;
  if (repeated?.repetition === 'repeated' && second === undefined) {
    if (node.logical.kind === 'list') return assembleList(node, repeated, columns);
    if (node.logical.kind === 'map' && repeated.children.length === 2) return assembleMap(repeated, columns);
  }
  const fields = node.children.map((child) => [nameOf(child), assembleNode(child, columns)] as const);
  return () => {
    // A table has one kind of structure in all rows: fields that others have are null, and were never there.
    const made = fields.map(([name, assemble]) => [name, assemble()] as const);
    return Object.fromEntries(made.filter(([, value]) => value !== null));
  };
}

/** In tools and their calls all fields keep their order. */
const nameOf = ({ name, isOfCalls }: SchemaNode): string => (isOfCalls ? keptName(name) : name);

/** @see "Lists" in LogicalTypes.md of Apache Parquet's format, whose older writers leave a level out */
function assembleList(list: SchemaNode, repeated: SchemaNode, columns: Columns): Assemble {
  const isElement =
    repeated.type !== undefined ||
    repeated.children.length > 1 ||
    repeated.name === 'array' ||
    repeated.name === `${list.name}_tuple`;
  const all = assembleNode(repeated, columns);
  if (isElement) return all;
  const [element] = repeated.children as [SchemaNode];
  // The level between holds nothing but the element, which may be null and has to stay in its place.
  const elements = assembleNode({ ...repeated, logical: { kind: 'none' } }, columns);
  return () => (elements() as Record<string, unknown>[]).map((one) => one[element.name] ?? null);
}

/** An object where the keys are texts, otherwise pairs. */
function assembleMap(pairs: SchemaNode, columns: Columns): Assemble {
  const [key, value] = pairs.children as [SchemaNode, SchemaNode];
  const all = assembleNode(pairs, columns);
  const keepName = (name: string): string => nameOf({ ...pairs, name });
  return () => {
    const read = all() as Record<string, unknown>[];
    const entries = read.map((pair) => [pair[key.name] ?? null, pair[value.name] ?? null] as const);
    const named = entries.flatMap(([name, inner]) => (typeof name === 'string' ? [[keepName(name), inner]] : []));
    return named.length === entries.length ? Object.fromEntries(named) : entries;
  };
}
