import { UserError } from '../../errors.ts';
import { type ByteSource, fillFrom } from '../../files/byte-source.ts';
import { type GgmlType, typeOf } from '../types/types.ts';
import { type Cursor, cursorOver, MoreNeeded } from './cursor.ts';
import { type Bounds, type MetadataValue, readText, readValue } from './read-values.ts';

/**
 * What a GGUF file says before its tensors' bytes. The rules are those of the reference reader (ggml/src/gguf.cpp): the
 * tensors follow each other in their order, each at a multiple of the alignment. Every count and length is compared with
 * the size of the file before it is believed, and what is read is at most a header's own bytes.
 */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}

export interface TensorInfo {
  readonly type: GgmlType;
  /** As PyTorch counts: the last dimension's elements lie side by side. */
  readonly shape: readonly number[];
  /** From where in the file its bytes lie, and how many. */
  readonly begin: number;
  readonly byteLength: number;
}

/** In bytes. Several times what the largest vocabularies take. */
const LONGEST_HEADER = 2 ** 28;
const FIRST_PIECE = 2 ** 20;
/** The least that a key with its value takes, and a tensor's entry: lengths, types, counts. */
const [LEAST_PAIR, LEAST_TENSOR] = [13, 24];
const MOST_DIMENSIONS = 4;

export const malformed = (file: string, problem: string): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `This is not a whole GGUF file: ${problem}.`,
    where: file,
    fix: 'Copy or download the file again.',
  });

/** @throws {UserError} `model-invalid`, `model-unsupported` naming the type of a tensor that is not read */
export async function readHeader(source: ByteSource): Promise<GgufHeader> {
  const { file, size } = source;
  const cut = (at: number) => malformed(file, `it ends at byte ${at}`);
  const longest = Math.min(size, LONGEST_HEADER);
  for (let length = Math.min(longest, FIRST_PIECE); ; length = Math.min(longest, 4 * length)) {
    const bytes = await fillFrom(source, { position: 0, bytes: new Uint8Array(length), cut });
    try {
      return parseHeader(file, bytes, size);
    } catch (error) {
      if (!(error instanceof MoreNeeded)) throw error;
      if (length === size) throw cut(size);
      if (length === longest) throw malformed(file, `its header is longer than ${LONGEST_HEADER} bytes`);
    }
  }
}

/** @throws {MoreNeeded} where the bytes end before the header */
function parseHeader(file: string, bytes: Uint8Array, size: number): GgufHeader {
  const cursor = cursorOver(bytes);
  const refuse = (problem: string): never => {
    throw malformed(file, problem);
  };
  const bounds: Bounds = { size, refuse };
  if (cursor.text(4) !== 'GGUF') refuse('it does not begin with GGUF');
  assertVersion(file, cursor.u32());
  const [tensorCount, pairCount] = [cursor.count(), cursor.count()];
  const room = size - cursor.at();
  if (pairCount === undefined || pairCount * LEAST_PAIR > room) return refuse('it has no room for its metadata');
  if (tensorCount === undefined || tensorCount * LEAST_TENSOR > room) return refuse('it has no room for its tensors');
  const metadata = new Map<string, MetadataValue>();
  for (let i = 0; i < pairCount; i++) {
    const key = readText(cursor, bounds, `key ${i}`);
    if (metadata.has(key)) refuse(`its metadata names ${JSON.stringify(key)} twice`);
    metadata.set(key, readValue(cursor, bounds, key));
  }
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || !(alignment >= 8 && alignment <= 2 ** 20) || Math.log2(alignment) % 1 !== 0) {
    return refuse('its general.alignment is no power of two');
  }
  return { metadata, tensors: readTensors(cursor, { file, bounds, tensorCount, alignment }) };
}

function assertVersion(file: string, version: number): void {
  if (version === 2 || version === 3) return;
  const swapped = (version & 0xffff) === 0;
  throw new UserError({
    code: 'model-unsupported',
    problem: swapped
      ? 'This GGUF file is big-endian; this version reads little-endian ones.'
      : `This is GGUF version ${version}; this version reads 2 and 3.`,
    where: file,
    fix: "Convert the model again with today's llama.cpp.",
  });
}

type Entry = Omit<TensorInfo, 'begin'> & { readonly name: string; readonly offset: number };

function readTensors(
  cursor: Cursor,
  { file, bounds, tensorCount, alignment }: { file: string; bounds: Bounds; tensorCount: number; alignment: number },
): Map<string, TensorInfo> {
  const { size, refuse } = bounds;
  const entries: Entry[] = [];
  for (let i = 0; i < tensorCount; i++) entries.push(readEntry(cursor, file, bounds));
  const dataStart = aligned(cursor.at(), alignment);
  const tensors = new Map<string, TensorInfo>();
  let end = 0;
  for (const { name, offset, ...info } of entries) {
    const tensor = `tensor ${JSON.stringify(name)}`;
    if (tensors.has(name)) refuse(`it has ${tensor} twice`);
    if (offset < end) refuse(`${tensor} overlaps the one before it`);
    if (offset > end) refuse(`there is a hole before ${tensor}`);
    if (dataStart + offset + info.byteLength > size) refuse(`${tensor} lies beyond the end of the file`);
    tensors.set(name, { ...info, begin: dataStart + offset });
    end = offset + aligned(info.byteLength, alignment);
  }
  return tensors;
}

const aligned = (length: number, alignment: number): number => Math.ceil(length / alignment) * alignment;

function readEntry(cursor: Cursor, file: string, bounds: Bounds): Entry {
  const { size, refuse } = bounds;
  const name = readText(cursor, bounds, "a tensor's name");
  const tensor = `tensor ${JSON.stringify(name)}`;
  const dimensions = cursor.u32();
  if (dimensions === 0 || dimensions > MOST_DIMENSIONS) refuse(`${tensor} has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => cursor.count() ?? Infinity).toReversed();
  const type = typeOf(cursor.u32(), { tensor, file });
  const offset = cursor.count() ?? Infinity;
  const count = shape.reduce((product, length) => product * length, 1);
  const byteLength = (count / type.blockSize) * type.blockBytes;
  if (!(byteLength <= size)) refuse(`${tensor} lies beyond the end of the file`);
  if (count === 0) refuse(`${tensor} has no values`);
  if ((shape.at(-1) as number) % type.blockSize !== 0) {
    refuse(`the rows of ${tensor} are no whole blocks of ${type.name}`);
  }
  return { name, shape, type, byteLength, offset };
}
