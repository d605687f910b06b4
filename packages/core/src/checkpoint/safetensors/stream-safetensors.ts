import { open } from 'node:fs/promises';
import { syncHandle } from '../../files/durable.ts';

export interface TensorToWrite {
  readonly name: string;
  /** As safetensors names it: F32, F16, BF16. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Asked for when it is the tensor's turn, so that one is in memory at a time. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

/** Writes a safetensors file in the order given. `metadata`: transformers wants `format: pt`. */
export async function streamSafetensors(
  file: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, dtype, shape, byteLength } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + byteLength] };
    offset += byteLength;
  }
  const json = JSON.stringify(header);
  // Padded with spaces so that the data begins at a multiple of 8, which readers that map the file rely on.
  const headerBytes = new TextEncoder().encode(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(length);
    await handle.writeFile(headerBytes);
    for (const { name, byteLength, bytes } of tensors) {
      const data = await bytes();
      if (data.byteLength !== byteLength) throw new Error(`tensor "${name}" is not as long as its shape says`);
      await handle.writeFile(data);
    }
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}
