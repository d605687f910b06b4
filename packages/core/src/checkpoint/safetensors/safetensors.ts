import { UserError } from '../../errors.ts';
import { type ByteSource, fillFrom, openByteSource } from '../../files/byte-source.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats.ts';
import { LONGEST_HEADER, malformed, parseHeader, type StoredTensorInfo } from './parse-header.ts';

/** The safetensors format: a length, a JSON header, then the tensors' bytes, little-endian, row-major. */

/** The types that are read, with their bytes a value. */
export const FLOAT_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

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
  const source = await openByteSource(file);
  try {
    return await readSafetensors(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** @throws {UserError} `model-invalid` when it is cut short or not in the format */
export async function readSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const { file, size, close } = source;
  const cut = (at: number) => malformed(file, `it ends at byte ${at}`);
  const fill = (position: number, bytes: Uint8Array) => fillFrom(source, { position, bytes, cut });
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
