import { open } from 'node:fs/promises';
import { syncHandle } from '../../files/durable.ts';

/**
 * The GGUF format, version 3: a header of typed key-value pairs, a list of tensors, then their bytes, little-endian, each
 * at a multiple of 32. Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
const ALIGNMENT = 32;

/** Numbers of the types of values. */
const ValueType = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

type ScalarType = Exclude<keyof typeof ValueType, 'array'>;
type Scalar = number | boolean | string;

export interface GgufValue {
  readonly type: ScalarType;
  readonly value: Scalar | readonly Scalar[];
}

export const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
export const float32 = (value: number): GgufValue => ({ type: 'float32', value });
export const bool = (value: boolean): GgufValue => ({ type: 'bool', value });
export const text = (value: string): GgufValue => ({ type: 'string', value });
export const list = (type: ScalarType, value: readonly Scalar[]): GgufValue => ({ type, value });

export interface GgufTensor {
  readonly name: string;
  /** As PyTorch counts: the last dimension's elements lie side by side. GGUF counts the other way round. */
  readonly shape: readonly number[];
  /** ggml's number of the type. */
  readonly type: number;
  readonly byteLength: number;
  /** Asked for when it is the tensor's turn. */
  bytes(): Promise<Uint8Array>;
}

export async function writeGguf(
  file: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
): Promise<void> {
  const header = byteWriter();
  header.raw(new TextEncoder().encode('GGUF'));
  header.u32(3);
  header.u64(tensors.length);
  header.u64(metadata.size);
  for (const [key, value] of metadata) {
    header.string(key);
    writeValue(header, value);
  }
  let offset = 0;
  for (const { name, shape, type, byteLength } of tensors) {
    header.string(name);
    header.u32(shape.length);
    for (const size of shape.toReversed()) header.u64(size);
    header.u32(type);
    header.u64(offset);
    offset += aligned(byteLength);
  }
  const handle = await open(file, 'w');
  const padded = async (bytes: Uint8Array) => {
    await handle.writeFile(bytes);
    await handle.writeFile(new Uint8Array(aligned(bytes.byteLength) - bytes.byteLength));
  };
  try {
    await padded(header.bytes());
    for (const { name, byteLength, bytes } of tensors) {
      const data = await bytes();
      if (data.byteLength !== byteLength) throw new Error(`tensor "${name}" is not as long as its shape says`);
      await padded(data);
    }
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function writeValue(out: ByteWriter, { type, value }: GgufValue): void {
  if (typeof value !== 'object') {
    out.u32(ValueType[type]);
    writeScalar(out, type, value);
    return;
  }
  out.u32(ValueType.array);
  out.u32(ValueType[type]);
  out.u64(value.length);
  for (const one of value) writeScalar(out, type, one);
}

function writeScalar(out: ByteWriter, type: ScalarType, value: Scalar): void {
  if (type === 'string') out.string(String(value));
  else if (type === 'bool') out.raw(Uint8Array.of(value ? 1 : 0));
  else if (type === 'float32') out.f32(Number(value));
  else out.u32(Number(value) >>> 0);
}

type ByteWriter = ReturnType<typeof byteWriter>;

/** Bytes, one value after the other, little-endian. */
function byteWriter() {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  const room = (bytes: number): DataView => {
    if (length + bytes > buffer.length) {
      const larger = new Uint8Array(2 * (length + bytes));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    const view = new DataView(buffer.buffer, length, bytes);
    length += bytes;
    return view;
  };
  const raw = (bytes: Uint8Array) => {
    const { byteOffset } = room(bytes.length);
    buffer.set(bytes, byteOffset);
  };
  const u64 = (value: number) => room(8).setBigUint64(0, BigInt(value), true);
  return {
    raw,
    u64,
    u32: (value: number) => room(4).setUint32(0, value, true),
    f32: (value: number) => room(4).setFloat32(0, value, true),
    string(value: string) {
      const bytes = new TextEncoder().encode(value);
      u64(bytes.length);
      raw(bytes);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
