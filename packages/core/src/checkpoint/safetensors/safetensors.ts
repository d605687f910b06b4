import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats.ts';
import { streamSafetensors } from './stream-safetensors.ts';

/** The safetensors format: a length, a JSON header, then the tensors' bytes, little-endian, row-major. */

const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(z.int().min(0)), data_offsets: z.tuple([z.int().min(0), z.int()]) }),
);

/** The types that are read, with their bytes a value. */
export const FLOAT_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Node reads less than 2 GiB at once. */
const LONGEST_READ = 2 ** 30;

export interface StoredTensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsFile {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensorInfo>;
  /** The tensor's values as f32 (f16 and bf16 widened, exactly). Read by range: the file is never held whole. */
  read(name: string): Promise<Float32Array>;
  /** Fills `bytes` with the tensor's bytes as they are stored, from byte `from` of the tensor on. */
  readInto(name: string, bytes: Uint8Array, from?: number): Promise<void>;
  close(): Promise<void>;
}

const malformed = (file: string, problem: string) =>
  new UserError({
    code: 'model-invalid',
    problem: `This is not a whole safetensors file: ${problem}.`,
    where: file,
    fix: 'Copy or download the file again.',
  });

/** @throws {UserError} `model-invalid` when the file is missing, cut short or not in the format. */
export async function openSafetensors(file: string): Promise<SafetensorsFile> {
  if (!existsSync(file)) {
    throw new UserError({
      code: 'model-invalid',
      problem: 'There is no such file.',
      where: file,
      fix: 'Copy or download the whole folder again.',
    });
  }
  const handle = await open(file, 'r');
  const fill = async (position: number, bytes: Uint8Array): Promise<Uint8Array> => {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, LONGEST_READ);
      const { bytesRead } = await handle.read(bytes, done, length, position + done);
      if (bytesRead === 0) throw malformed(file, `it ends at byte ${position + done}`);
      done += bytesRead;
    }
    return bytes;
  };
  try {
    const size = (await handle.stat()).size;
    const headerLength = Number(new DataView((await fill(0, new Uint8Array(8))).buffer).getBigUint64(0, true));
    if (headerLength > size - 8) throw malformed(file, 'its header is longer than the file');
    const tensors = parseHeader(file, await fill(8, new Uint8Array(headerLength)), size - 8 - headerLength);
    const find = (name: string): StoredTensorInfo => {
      const info = tensors.get(name);
      if (!info) throw new Error(`${file} has no tensor "${name}"`);
      return info;
    };
    return {
      file,
      tensors,
      async read(name) {
        const info = find(name);
        const { dtype, begin, end } = info;
        assertFloats(file, name, info);
        return toFloat32(dtype, await fill(8 + headerLength + begin, new Uint8Array(end - begin)));
      },
      async readInto(name, bytes, from = 0) {
        const { begin, end } = find(name);
        if (begin + from + bytes.length > end) throw new Error(`${file}: tensor "${name}" is not that long`);
        await fill(8 + headerLength + begin + from, bytes);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function parseHeader(file: string, bytes: Uint8Array, dataLength: number): Map<string, StoredTensorInfo> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw malformed(file, 'its header is not JSON');
  }
  if (typeof json !== 'object' || json === null) throw malformed(file, 'its header is not a JSON object');
  const { __metadata__: _, ...entries } = json as Record<string, unknown>;
  const parsed = headerSchema.safeParse(entries);
  if (!parsed.success) throw malformed(file, 'its header does not describe tensors');
  return new Map(
    Object.entries(parsed.data).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        if (begin > end || end > dataLength) throw malformed(file, `tensor "${name}" lies beyond the end of the file`);
        return [name, { dtype, shape, begin, end }];
      },
    ),
  );
}

/** @throws {UserError} for a type that is not one of `FLOAT_BYTES`, or bytes that do not fit the shape */
export function assertFloats(file: string, name: string, { dtype, shape, begin, end }: StoredTensorInfo): void {
  const bytes = FLOAT_BYTES[dtype];
  if (bytes === undefined) {
    throw new UserError({
      code: 'model-unsupported',
      problem: `Tensor "${name}" is stored as ${dtype}; this version reads F32, F16 and BF16.`,
      where: file,
      fix: 'Use a checkpoint that is not quantised, in one of these types.',
    });
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (end - begin !== count * bytes) throw malformed(file, `tensor "${name}" has the wrong length`);
}

function toFloat32(dtype: string, { buffer }: Uint8Array): Float32Array {
  if (dtype === 'F16') return float16ToFloat32(new Uint16Array(buffer));
  if (dtype === 'BF16') return bfloat16ToFloat32(new Uint16Array(buffer));
  return new Float32Array(buffer);
}

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
