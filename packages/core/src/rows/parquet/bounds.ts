import type { Bound, ColumnChunk } from './metadata.ts';
import type { SchemaNode } from './schema.ts';
import { fixedReader, type Physical } from './values.ts';

/**
 * A bit that turned over in the data is seen where the file says which its smallest and its largest value are, and how many
 * are missing: most writers do.
 */
export interface BoundsCheck {
  value(value: Physical): void;
  none(): void;
  /** Values of a dictionary, of which those that were seen count. */
  entries(values: readonly Physical[], seen: Uint8Array): void;
  /** @throws {Error} where the values are not those that the file says there are */
  end(): void;
}

type Compare = (a: Physical, b: Physical) => number;

export function checkBounds({ node, name, statistics }: ColumnChunk): BoundsCheck {
  const compare = orderOf(node);
  const [least, greatest] = compare
    ? [statistics.least, statistics.greatest].map((bound) => readBound(bound, node))
    : [];
  const isBounded = least !== undefined && greatest !== undefined;
  const found = createRange(compare);
  const listed = createRange(compare);
  let nulls = 0;
  let dictionaries: [values: readonly Physical[], seen: Uint8Array][] = [];
  const wrong = (what: string) => new Error(`${name} has other values than the file says: ${what}`);
  return {
    value: isBounded ? found.add : () => {},
    none: () => nulls++,
    entries: (values, seen) => {
      dictionaries.push([values, seen]);
    },
    end() {
      // Elements of lists that are missing with their lists are counted by some writers, and not by others.
      if (node.repetitions === 0 && statistics.nulls !== undefined && statistics.nulls !== nulls)
        throw wrong(`${nulls} are missing, not ${statistics.nulls}`);
      if (!isBounded || compare === undefined) return;
      for (const [values, seen] of dictionaries) {
        for (const [i, value] of values.entries()) {
          if (seen[i]) found.add(value);
          listed.add(value);
        }
      }
      dictionaries = [];
      if (found.isOutside(least.value, greatest.value)) throw wrong('one is out of bounds');
      // Of categories pyarrow writes all into the dictionary, and the bounds of all, whichever the column has.
      for (const { value, isExact } of [least, greatest]) {
        if (isExact && !found.isAtEnd(value) && !listed.isAtEnd(value))
          throw wrong('the smallest or the largest is not there');
      }
    },
  };
}

/** The smallest and the largest of some values. */
function createRange(compare: Compare = () => 0) {
  let smallest: Physical | undefined;
  let largest: Physical | undefined;
  return {
    add(value: Physical) {
      if (smallest === undefined || compare(value, smallest) < 0) smallest = value;
      if (largest === undefined || compare(value, largest) > 0) largest = value;
    },
    isOutside: (least: Physical, greatest: Physical): boolean =>
      smallest !== undefined &&
      largest !== undefined &&
      (compare(smallest, least) < 0 || compare(largest, greatest) > 0),
    /** Of nothing, every value is at the end. */
    isAtEnd: (value: Physical): boolean =>
      smallest === undefined ||
      largest === undefined ||
      compare(smallest, value) === 0 ||
      compare(largest, value) === 0,
  };
}

/** The order of a type, where it is stated and no value stands apart from it; floats have 0, -0 and what is no number. */
function orderOf({ type, logical }: SchemaNode): Compare | undefined {
  const isInteger = type === 'INT32' || type === 'INT64';
  if (isInteger && logical.kind === 'integer' && !logical.isSigned) {
    const unsigned = (value: Physical) => BigInt.asUintN(type === 'INT32' ? 32 : 64, BigInt(value as number | bigint));
    return (a, b) => order(unsigned(a), unsigned(b));
  }
  if (isInteger) return (a, b) => order(a as number | bigint, b as number | bigint);
  if (type === 'BYTE_ARRAY' && (logical.kind === 'text' || logical.kind === 'json'))
    return (a, b) => Buffer.compare(a as Uint8Array, b as Uint8Array);
  return undefined;
}

const order = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Texts may be cut where the file does not say that they are exact; integers never are. */
function readBound(bound: Bound | undefined, { type }: SchemaNode): { value: Physical; isExact: boolean } | undefined {
  if (bound === undefined) return undefined;
  if (type === 'BYTE_ARRAY') return { value: bound.bytes, isExact: bound.isExact === true };
  if (bound.bytes.length !== (type === 'INT32' ? 4 : 8)) return undefined;
  return { value: fixedReader(type as 'INT32' | 'INT64')(bound.bytes), isExact: bound.isExact !== false };
}
