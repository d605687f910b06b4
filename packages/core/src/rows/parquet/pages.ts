import { crc32 } from 'node:zlib';
import { type Next, readBytes, readRuns, readUint32 } from './bits.ts';
import { unpack } from './codecs.ts';
import { type ColumnChunk, LARGEST_PAGE } from './metadata.ts';
import { countOf, numberAt, readStruct, structAt, type ThriftStruct } from './thrift.ts';
import { encodingOf, type Physical, readPlain, readValues } from './values.ts';

/** The values of a page with their levels, each read when it is asked for. */
export interface Page {
  /** Values and places without one. */
  readonly count: number;
  readonly definition: Next<number>;
  readonly repetition: Next<number>;
  readonly value: Next<Physical>;
  /** Where values are places in the chunk's dictionary: the place instead of the value. */
  readonly place: Next<number> | undefined;
}

/** A page of the chunk, or the dictionary of all that come after it. */
export type Part = { readonly page: Page } | { readonly dictionary: readonly Physical[] };

const [DATA, INDEX, DICTIONARY, DATA_V2] = [0, 1, 2, 3];

/**
 * The pages of a column of a group.
 * @param bytes theirs
 * @throws {Error} for what does not fit together
 */
export function* readPages(bytes: Uint8Array, chunk: ColumnChunk): Generator<Part> {
  let values = 0;
  let dictionary: readonly Physical[] | undefined;
  for (let at = 0; values < chunk.values; ) {
    const { struct: header, end } = readStruct(bytes, at);
    const cursor = { bytes, at: end };
    const packed = readBytes(cursor, countOf(numberAt(header, 3), 'the length of a page'));
    at = cursor.at;
    const sum = numberAt(header, 4);
    if (sum !== undefined && sum >>> 0 !== crc32(packed)) throw new Error('a page does not have its checksum');
    const kind = numberAt(header, 1);
    if (kind === DICTIONARY) {
      dictionary = readDictionary(packed, header, chunk);
      yield { dictionary };
    } else if (kind === DATA || kind === DATA_V2) {
      const page = (kind === DATA ? readPage : readPageV2)(packed, header, { chunk, dictionary });
      if (page.count > chunk.values - values) throw new Error(`${chunk.name} has more values than it claims`);
      values += page.count;
      yield { page };
    } else if (kind !== INDEX) throw new Error(`a page is of the kind ${kind}`);
  }
}

function unpackPage(packed: Uint8Array, size: number, codec: number): Uint8Array {
  if (size > LARGEST_PAGE) throw new Error(`a page is larger than ${LARGEST_PAGE} bytes when it is unpacked`);
  return unpack(packed, size, codec);
}

const unpackedSize = (header: ThriftStruct): number => countOf(numberAt(header, 2), 'the unpacked length of a page');

function readDictionary(packed: Uint8Array, header: ThriftStruct, { node, codec }: ColumnChunk): Physical[] {
  const of = structAt(header, 7) ?? new Map();
  const count = countOf(numberAt(of, 1), 'the number of values of a dictionary');
  const bytes = unpackPage(packed, unpackedSize(header), codec);
  // A value takes a byte at least, but for booleans, which have no dictionary.
  if (count > bytes.length) throw new Error(`a dictionary claims ${count} values in ${bytes.length} bytes`);
  const next = readPlain({ bytes, at: 0 }, node);
  return Array.from({ length: count }, next);
}

interface Within {
  readonly chunk: ColumnChunk;
  readonly dictionary: readonly Physical[] | undefined;
}

/** Bits of the numbers up to the largest. */
const widthOf = (largest: number): number => 32 - Math.clz32(largest);

/** Both levels and the values are packed together, the levels behind their lengths. */
function readPage(packed: Uint8Array, header: ThriftStruct, within: Within): Page {
  const { codec, node } = within.chunk;
  const of = structAt(header, 5) ?? new Map();
  const bytes = unpackPage(packed, unpackedSize(header), codec);
  const cursor = { bytes, at: 0 };
  const levels = (largest: number, encoding: number | undefined): Next<number> => {
    if (largest === 0) return () => 0;
    if (encodingOf(encoding) !== 'RLE') throw new Error(`a page has levels in the encoding ${encodingOf(encoding)}`);
    return readRuns(readBytes(cursor, readUint32(cursor)), widthOf(largest));
  };
  const repetition = levels(node.repetitions, numberAt(of, 4));
  const definition = levels(node.definition, numberAt(of, 3));
  const count = countOf(numberAt(of, 1), 'the number of values of a page');
  const encoding = numberAt(of, 2);
  return { count, repetition, definition, ...valuesOf(bytes.subarray(cursor.at), { encoding, count, ...within }) };
}

/** The levels lie before the values, and are not packed. */
function readPageV2(packed: Uint8Array, header: ThriftStruct, within: Within): Page {
  const { codec, node } = within.chunk;
  const of = structAt(header, 8) ?? new Map();
  const count = countOf(numberAt(of, 1), 'the number of values of a page');
  const cursor = { bytes: packed, at: 0 };
  const [repetitions, definitions] = [6, 5].map((field) =>
    readBytes(cursor, countOf(numberAt(of, field), 'the length of levels')),
  ) as [Uint8Array, Uint8Array];
  const rest = packed.subarray(cursor.at);
  const size = unpackedSize(header) - cursor.at;
  // Nothing at all may be packed as nothing.
  const isPacked = of.get(7) !== false && rest.length > 0;
  const bytes = unpackPage(rest, size, isPacked ? codec : 0);
  return {
    count,
    repetition: readRuns(repetitions, widthOf(node.repetitions)),
    definition: readRuns(definitions, widthOf(node.definition)),
    ...valuesOf(bytes, { encoding: numberAt(of, 4), count, ...within }),
  };
}

interface Encoded extends Within {
  readonly encoding: number | undefined;
  readonly count: number;
}

function valuesOf(bytes: Uint8Array, { encoding, count, chunk, dictionary }: Encoded): Pick<Page, 'value' | 'place'> {
  const name = encodingOf(encoding);
  if (name !== 'PLAIN_DICTIONARY' && name !== 'RLE_DICTIONARY') {
    // A page without values may have no bytes: nothing is read before it is asked for.
    let value: Next<Physical> | undefined;
    return {
      place: undefined,
      value: () => {
        value ??= readValues(bytes, name, chunk.node, count);
        return value();
      },
    };
  }
  const entries = dictionary;
  if (entries === undefined) throw new Error(`${chunk.name} has no dictionary`);
  const next = bytes.length === 0 ? () => 0 : readRuns(bytes.subarray(1), bytes[0] as number);
  const place = () => {
    const at = next();
    if (at >= entries.length) throw new Error(`${chunk.name} has a value ${at} of ${entries.length} in its dictionary`);
    return at;
  };
  return { place, value: () => entries[place()] as Physical };
}
