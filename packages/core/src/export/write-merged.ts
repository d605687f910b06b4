import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveWordsOf } from '../checkpoint/pretrained/save-tokenizer.ts';
import { float32ToBfloat16, float32ToFloat16 } from '../checkpoint/safetensors/half-floats.ts';
import { streamSafetensors, type TensorToWrite } from '../checkpoint/safetensors/stream-safetensors.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { withStopIds } from '../tokenizer/stop-ids.ts';
import type { Checkpoint, CheckpointTensor, FloatType } from './checkpoint.ts';
import { encodeInPieces } from './encode-in-pieces.ts';

const FORMATS = {
  f32: { dtype: 'F32', name: 'float32', bytesPerValue: 4, encode: (values: Float32Array): ArrayBufferView => values },
  f16: { dtype: 'F16', name: 'float16', bytesPerValue: 2, encode: float32ToFloat16 },
  bf16: { dtype: 'BF16', name: 'bfloat16', bytesPerValue: 2, encode: float32ToBfloat16 },
} as const;

/**
 * A Hugging Face folder: every tensor in the type it has in the source (or in `type`), rounded to the nearest and ties
 * to even, in as many files as the source has, with config.json, tokenizer and templates beside them.
 * @param stopIds tokens that end an answer, which the settings are to name
 */
export async function writeMerged(
  checkpoint: Checkpoint,
  folder: string,
  { type, stopIds }: { type?: FloatType | undefined; stopIds: readonly number[] },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const all = [...checkpoint.tensors];
  const files = new Set(all.map(([, { file }]) => file));
  for (const file of files) {
    const own = all.filter(([, tensor]) => tensor.file === file);
    const entries = own.map(([name, tensor]) => tensorToWrite(checkpoint, name, tensor, type ?? tensor.type));
    await streamSafetensors(join(folder, file), entries);
  }
  if (files.size > 1) await writeIndex(checkpoint, folder, type);
  await saveWordsOf(checkpoint, folder, stopIds);
  const { torch_dtype, dtype, ...config } = checkpoint.config;
  const name = type ? FORMATS[type].name : (dtype ?? torch_dtype);
  const json = withStopIds({ ...config, ...(name === undefined ? {} : { dtype: name }) }, stopIds);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(json, null, 2)}\n`);
}

function tensorToWrite(
  checkpoint: Checkpoint,
  name: string,
  { shape }: CheckpointTensor,
  type: FloatType,
): TensorToWrite {
  const { dtype, bytesPerValue, encode } = FORMATS[type];
  const asBytes = (values: Float32Array) => {
    const { buffer, byteOffset, byteLength } = encode(values);
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
  const encoding = { blockSize: 1, blockBytes: bytesPerValue, encode: asBytes };
  const bytes = async () => encodeInPieces(await checkpoint.read(name), encoding, checkpoint.breathe);
  return { name, dtype, shape, byteLength: sizeOf(shape) * bytesPerValue, bytes };
}

async function writeIndex({ tensors }: Checkpoint, folder: string, type?: FloatType): Promise<void> {
  const entries = [...tensors];
  const total_size = entries.reduce(
    (sum, [, tensor]) => sum + sizeOf(tensor.shape) * FORMATS[type ?? tensor.type].bytesPerValue,
    0,
  );
  const weight_map = Object.fromEntries(entries.map(([name, { file }]) => [name, file]));
  const index = { metadata: { total_size }, weight_map };
  await writeFile(join(folder, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
}
