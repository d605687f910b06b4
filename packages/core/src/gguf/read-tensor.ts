import { float32ToBfloat16 } from '../checkpoint/safetensors/half-floats.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import type { Undo } from './architecture/tensor-changes.ts';
import type { GgufFiles, GgufTensorInfo } from './format/open-files.ts';

/** Values dequantised at a time: what reading needs beside the result. A multiple of every block. */
const CHUNK = 2 ** 18;

/**
 * Reads a tensor into its place, as f32 or as the bits of bfloat16, with llama.cpp's changes undone: dequantised. One that is
 * kept in its blocks is read by `read-blocks.ts`.
 */
export async function readTensor(
  { readInto }: Pick<GgufFiles, 'readInto'>,
  tensor: GgufTensorInfo,
  { place, undo = {} }: { readonly place: Float32Array | Uint16Array; readonly undo?: Undo | undefined },
): Promise<void> {
  const { type, shape } = tensor;
  const columns = undo.place && shape.length > 1 ? (shape.at(-1) as number) : 1;
  const size = sizeOf(shape);
  // Whole rows, where each goes to a place of its own.
  const step = undo.place ? Math.max(1, Math.floor(CHUNK / columns)) * columns : CHUNK;
  const bytes = new Uint8Array((Math.min(step, size) / type.blockSize) * type.blockBytes);
  const direct = place instanceof Float32Array && !undo.place ? place : undefined;
  const buffer = direct ? new Float32Array() : new Float32Array(Math.min(step, size));
  for (let at = 0; at < size; at += step) {
    const count = Math.min(step, size - at);
    const values = direct ? direct.subarray(at, at + count) : buffer.subarray(0, count);
    const part = bytes.subarray(0, (count / type.blockSize) * type.blockBytes);
    await readInto(tensor, part, (at / type.blockSize) * type.blockBytes);
    type.dequantize(part, values);
    if (undo.value) for (let i = 0; i < count; i++) values[i] = undo.value(values[i] as number);
    if (direct) continue;
    const converted = place instanceof Float32Array ? values : float32ToBfloat16(values);
    if (!undo.place) place.set(converted, at);
    else
      for (let row = 0; row < count; row += columns)
        putRow(converted.subarray(row, row + columns), (at + row) / columns);
  }

  function putRow(values: Float32Array | Uint16Array, row: number): void {
    const { start = 0, step: stride = 1 } = undo.place?.(row, shape) ?? {};
    if (stride === 1) place.set(values, start);
    else for (let i = 0; i < values.length; i++) place[start + i * stride] = values[i] as number;
  }
}
