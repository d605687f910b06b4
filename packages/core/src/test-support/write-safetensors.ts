import { streamSafetensors } from '../checkpoint/safetensors/stream-safetensors.ts';

export interface TensorData {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Writes f32 tensors in the order given. */
export async function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, TensorData>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = [...tensors].map(([name, { shape, values }]) => {
    const bytes = () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, dtype: 'F32', shape, byteLength: values.byteLength, bytes };
  });
  await streamSafetensors(file, entries, metadata);
}
