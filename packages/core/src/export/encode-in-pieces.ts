import type { Breathe } from '../abort.ts';

/** Values that are encoded without a breath; a multiple of every block. */
const AT_ONCE = 2 ** 21;

/** How values of f32 are stored: so many bytes for so many of them, which are encoded by themselves. */
export interface Encoding {
  readonly blockSize: number;
  readonly blockBytes: number;
  readonly encode: (values: Float32Array) => Uint8Array;
}

/** A tensor's bytes, with a breath now and then: the table of a large vocabulary takes seconds. */
export async function encodeInPieces(
  values: Float32Array,
  { blockSize, blockBytes, encode }: Encoding,
  breathe: Breathe,
): Promise<Uint8Array> {
  if (values.length <= AT_ONCE) return encode(values);
  const bytes = new Uint8Array((values.length / blockSize) * blockBytes);
  for (let from = 0; from < values.length; from += AT_ONCE) {
    await breathe();
    bytes.set(encode(values.subarray(from, from + AT_ONCE)), (from / blockSize) * blockBytes);
  }
  return bytes;
}
