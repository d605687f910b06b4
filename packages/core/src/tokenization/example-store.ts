import { openTemporaryFile, readTemporary, type TemporaryFile, writeTemporary } from '../files/temporary-file.ts';
import { arraysOver, type Examples, exampleBytes, type TokenizedExample, type WeightedExample } from './example.ts';

/** What decides the weights of an example's targets beside the example: no part of what is tokenized. */
export type Weighting = Pick<WeightedExample, 'roleWeights' | 'rowWeight'>;

/** Where examples lie, and what is known of them without reading them. */
interface Index {
  readonly lengths: number[];
  readonly offsets: number[];
  readonly promptLengths: number[];
  readonly cutTokens: number[];
  readonly cutAnswerTokens: number[];
  readonly roleWeights: Float64Array[];
  readonly rowWeights: number[];
}

export interface StoreOptions {
  /** How much is kept in memory before it is written to a file; default 16 MiB, nearly two million tokens. */
  readonly bufferBytes?: number | undefined;
  /** Where that file may lie; the first that can be written to is taken. */
  readonly folders?: readonly string[] | undefined;
}

/**
 * Takes examples one after the other; `finish` makes them readable. They lie packed, so that data larger than memory can
 * be trained on: a few stay in memory, more go to a file. Of those only where each one lies stays in memory; the file is
 * temporary and vanishes with the process, and what is read often stays in the system's file cache.
 *
 *     an example of n tokens   ids, 4 bytes each | weights of segments, 4 | roles, 1 | filled up to a multiple of 4
 */
export function writeExamples({ bufferBytes = 2 ** 24, folders }: StoreOptions = {}): {
  append(example: TokenizedExample, weighting: Weighting): void;
  finish(): Examples;
} {
  const index: Index = {
    lengths: [],
    offsets: [],
    promptLengths: [],
    cutTokens: [],
    cutAnswerTokens: [],
    roleWeights: [],
    rowWeights: [],
  };
  let file: TemporaryFile | undefined;
  let pending = new Uint8Array(2 ** 12);
  let pendingBytes = 0;
  let size = 0;
  const flush = () => {
    file ??= openTemporaryFile(folders);
    writeTemporary(file, pending.subarray(0, pendingBytes));
    pendingBytes = 0;
  };
  return {
    append(example, { roleWeights, rowWeight }) {
      const bytes = storedBytes(example.ids.length);
      if (pendingBytes + bytes > pending.length) pending = grown(pending, pendingBytes + bytes);
      const arrays = arraysOver(pending.buffer, example.ids.length, pendingBytes);
      arrays.ids.set(example.ids);
      arrays.segmentWeights.set(example.segmentWeights);
      arrays.roles.set(example.roles);
      index.lengths.push(example.ids.length);
      index.offsets.push(size);
      index.promptLengths.push(example.promptLength);
      index.cutTokens.push(example.cutTokens);
      index.cutAnswerTokens.push(example.cutAnswerTokens);
      index.roleWeights.push(roleWeights);
      index.rowWeights.push(rowWeight);
      pendingBytes += bytes;
      size += bytes;
      if (pendingBytes >= bufferBytes) flush();
    },
    finish() {
      if (file !== undefined) flush();
      const whole = pending.buffer;
      return readable(index, file === undefined ? (_, offset) => ({ buffer: whole, from: offset }) : readerOf(file));
    },
  };
}

/** So many bytes of all that was written, from an offset on: a buffer, and where they begin in it. */
type Read = (bytes: number, offset: number) => { readonly buffer: ArrayBuffer; readonly from: number };

function readable(index: Index, read: Read): Examples {
  const { lengths, offsets, promptLengths, cutTokens, cutAnswerTokens, roleWeights, rowWeights } = index;
  const at = (i: number): WeightedExample | undefined => {
    const tokens = lengths[i];
    if (tokens === undefined) return undefined;
    const { buffer, from } = read(exampleBytes(tokens), offsets[i] as number);
    return {
      ...arraysOver(buffer, tokens, from),
      promptLength: promptLengths[i] as number,
      cutTokens: cutTokens[i] as number,
      cutAnswerTokens: cutAnswerTokens[i] as number,
      roleWeights: roleWeights[i] as Float64Array,
      rowWeight: rowWeights[i] as number,
    };
  };
  return { length: lengths.length, lengths, at };
}

const storedBytes = (tokens: number): number => Math.ceil(exampleBytes(tokens) / 4) * 4;

function grown(bytes: Uint8Array<ArrayBuffer>, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

const readerOf =
  (file: TemporaryFile): Read =>
  (size, position) => {
    const bytes = new Uint8Array(size);
    readTemporary(file, bytes, position);
    return { buffer: bytes.buffer, from: 0 };
  };
