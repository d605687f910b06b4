import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16 } from './half-floats.ts';
import { FLOAT_BYTES, type SafetensorsFile } from './safetensors.ts';

/** Values converted at a time: what conversion needs beside the result. */
const CHUNK = 2 ** 18;

/**
 * Reads a stored tensor into its place: as f32, or as the bits of bfloat16. What is stored in that type already goes from
 * the file to its place without passing through anything.
 */
export async function readValues(
  file: SafetensorsFile,
  name: string,
  place: Float32Array | Uint16Array,
): Promise<void> {
  const dtype = file.tensors.get(name)?.dtype ?? '';
  if (dtype === (place instanceof Float32Array ? 'F32' : 'BF16')) return file.readInto(name, bytesOf(place));
  const stored = new ArrayBuffer(Math.min(CHUNK, place.length) * (FLOAT_BYTES[dtype] as number));
  const wide = new Float32Array(dtype === 'F16' ? Math.min(CHUNK, place.length) : 0);
  for (let at = 0; at < place.length; at += CHUNK) {
    const part = place.subarray(at, at + CHUNK);
    const bytes = new Uint8Array(stored, 0, part.length * (FLOAT_BYTES[dtype] as number));
    await file.readInto(name, bytes, at * (FLOAT_BYTES[dtype] as number));
    convert(dtype, bytes, part, wide.subarray(0, part.length));
  }
}

function convert(dtype: string, bytes: Uint8Array, place: Float32Array | Uint16Array, wide: Float32Array): void {
  const { buffer } = bytes;
  const halves = () => new Uint16Array(buffer, 0, place.length);
  if (place instanceof Float32Array) {
    if (dtype === 'F16') float16ToFloat32(halves(), place);
    else bfloat16ToFloat32(halves(), place);
  } else {
    const values = dtype === 'F16' ? float16ToFloat32(halves(), wide) : new Float32Array(buffer, 0, place.length);
    float32ToBfloat16(values, place);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
