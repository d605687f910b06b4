import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats.ts';
import { LONGEST_HEADER, malformed, parseHeader, type StoredTensorInfo } from './parse-header.ts';
import { streamSafetensors } from './stream-safetensors.ts';

/** The safetensors format: a length, a JSON header, then the tensors' bytes, little-endian, row-major. */

/** The types that are read, with their bytes a value. */
export const FLOAT_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Node reads less than 2 GiB at once. */
const LONGEST_READ = 2 ** 30;

export interface SafetensorsFile {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensorInfo>;
  /** The tensor's values as f32 (f16 and bf16 widened, exactly). Read by range: the file is never held whole. */
  read(name: string): Promise<Float32Array>;
  /** Fills `bytes` with the tensor's bytes as they are stored, from byte `from` of the tensor on. */
  readInto(name: string, bytes: Uint8Array, from?: number): Promise<void>;
  close(): Promise<void>;
}

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
  const explained = (cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause);
  };
  const handle = await open(file, 'r').catch(explained);
  try {
    const source: ByteSource = {
      file,
      size: (await handle.stat()).size,
      async read(position, bytes) {
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, position).catch(explained);
        return bytesRead;
      },
      close: () => handle.close(),
    };
    return await readSafetensors(source);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes that are read by range. */
export interface ByteSource {
  /** For messages. */
  readonly file: string;
  readonly size: number;
  /** Fills `bytes`, or a beginning of them, from `position` on. @returns how many; 0 at the end */
  read(position: number, bytes: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** @throws {UserError} `model-invalid` when it is cut short or not in the format */
export async function readSafetensors({ file, size, read, close }: ByteSource): Promise<SafetensorsFile> {
  const fill = async (position: number, bytes: Uint8Array): Promise<Uint8Array> => {
    for (let done = 0; done < bytes.length; ) {
      const more = await read(position + done, bytes.subarray(done, done + LONGEST_READ));
      if (more === 0) throw malformed(file, `it ends at byte ${position + done}`);
      done += more;
    }
    return bytes;
  };
  const headerLength = Number(new DataView((await fill(0, new Uint8Array(8))).buffer).getBigUint64(0, true));
  if (headerLength > size - 8) throw malformed(file, 'its header is longer than the file');
  if (headerLength > LONGEST_HEADER) throw malformed(file, `its header is longer than ${LONGEST_HEADER} bytes`);
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
    close,
  };
}

const unreadable = (file: string, cause: NodeJS.ErrnoException): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `The file can't be read (${cause.code}).`,
    where: file,
    fix: 'Check that it is a file, and that you may read it.',
    cause,
  });

/** @throws {UserError} for a type that is not one of `FLOAT_BYTES` */
export function assertFloats(file: string, name: string, { dtype }: StoredTensorInfo): void {
  if (!Object.hasOwn(FLOAT_BYTES, dtype)) {
    throw new UserError({
      code: 'model-unsupported',
      problem: `Tensor "${name}" is stored as ${dtype}; this version reads F32, F16 and BF16.`,
      where: file,
      fix: 'Use a checkpoint that is not quantised, in one of these types.',
    });
  }
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
