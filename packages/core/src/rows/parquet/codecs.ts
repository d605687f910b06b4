import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib';

/** Unpacks a page. @param size bytes that it has unpacked @throws {Error} for what is no such packing, or has another size */
type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/** By their numbers in the format; LZO has no reader. */
const CODECS: readonly (readonly [name: string, unpack: Unpack | undefined])[] = [
  ['no packing', (bytes) => bytes],
  ['Snappy', unpackSnappy],
  ['gzip', (packed, size) => unzipSync(packed, { maxOutputLength: size })],
  ['LZO', undefined],
  ['Brotli', (packed, size) => brotliDecompressSync(packed, { maxOutputLength: size })],
  ['LZ4', unpackHadoopLz4],
  ['Zstandard', (packed, size) => zstdDecompressSync(packed, { maxOutputLength: size })],
  ['LZ4', unpackLz4],
];

/** @param codec number of it in the format */
export function unpack(packed: Uint8Array, size: number, codec: number): Uint8Array {
  const [name, unpacker] = CODECS[codec] ?? [`method ${codec}`, undefined];
  if (unpacker === undefined) throw new Error(`pages are packed with ${name}`);
  // Some writers pack nothing as nothing.
  if (size === 0) return new Uint8Array();
  const bytes = unpacker(packed, size);
  if (bytes.length !== size) throw new Error(`a page has ${bytes.length} bytes instead of ${size}`);
  return bytes;
}

/** What is written so far, with copies out of itself. */
function createOutput(size: number) {
  const bytes = new Uint8Array(size);
  let at = 0;
  return {
    literals(from: Uint8Array, start: number, length: number) {
      if (start + length > from.length || at + length > size) throw new Error('a page does not unpack');
      bytes.set(from.subarray(start, start + length), at);
      at += length;
    },
    /** Bytes from so far back; a copy may go on with what it writes. */
    copy(back: number, length: number) {
      if (back === 0 || back > at || at + length > size) throw new Error('a page does not unpack');
      if (back >= length) bytes.copyWithin(at, at - back, at - back + length);
      else for (let i = at; i < at + length; i++) bytes[i] = bytes[i - back] as number;
      at += length;
    },
    end: () => bytes.subarray(0, at),
  };
}

/** @see format_description.txt of google/snappy */
function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  const output = createOutput(size);
  let at = 0;
  const number = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += (packed[at++] ?? 0) * 2 ** (8 * i);
    return value;
  };
  // The size comes first, and is known.
  while ((packed[at++] ?? 0) >= 0x80);
  while (at < packed.length) {
    const tag = packed[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = 1 + (short < 60 ? short : number(short - 59));
      output.literals(packed, at, length);
      at += length;
    } else if (kind === 1) output.copy(((tag >> 5) << 8) | number(1), 4 + ((tag >> 2) & 7));
    else output.copy(number(kind === 2 ? 2 : 4), 1 + (tag >> 2));
  }
  return output.end();
}

/** @see lz4_Block_format.md of lz4/lz4 */
function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const output = createOutput(size);
  let at = 0;
  /** 15 says that more follows: bytes that are added, up to one that is not 255. */
  const length = (short: number): number => {
    let total = short;
    if (short === 15) for (let byte = 255; byte === 255; total += byte) byte = packed[at++] ?? 0;
    return total;
  };
  while (at < packed.length) {
    const token = packed[at++] as number;
    const literals = length(token >> 4);
    output.literals(packed, at, literals);
    at += literals;
    // The last block ends with its literals.
    if (at >= packed.length) break;
    const back = (packed[at++] ?? 0) | ((packed[at++] ?? 0) << 8);
    output.copy(back, 4 + length(token & 15));
  }
  return output.end();
}

/** Blocks behind their two sizes, as Hadoop writes them; older writers wrote one block as it is. */
function unpackHadoopLz4(packed: Uint8Array, size: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: Uint8Array[] = [];
  let left = size;
  for (let at = 0; left > 0; ) {
    if (at + 8 > packed.length) return unpackLz4(packed, size);
    const [unpacked, length] = [view.getUint32(at), view.getUint32(at + 4)];
    at += 8;
    if (unpacked > left || unpacked === 0 || at + length > packed.length) return unpackLz4(packed, size);
    const block = unpackLz4(packed.subarray(at, at + length), unpacked);
    if (block.length !== unpacked) return unpackLz4(packed, size);
    blocks.push(block);
    at += length;
    left -= unpacked;
  }
  return Buffer.concat(blocks);
}
