import type { backend_util, DataType } from '@tensorflow/tfjs-core';
import { BLOCK_TYPE_NUMBERS, type BlockType, quantizedBytes } from '../../tensor/block-types.ts';
import type { Block } from './calls.ts';
import { type Door, ElementType, type ElementTypeNumber } from './door.ts';

type Values = backend_util.BackendValues;

/** What lies behind a tensor's `dataId`. */
export interface StoredTensor {
  /** 0 where the values are on JavaScript's side: strings. */
  readonly address: number;
  readonly type: ElementTypeNumber;
  readonly bytes: number;
  readonly values?: Values;
  /** What `address` lies in, and how many tensors do: the last one frees it. */
  readonly memory: { readonly address: number; tensors: number };
  references: number;
}

const alone = (address: number) => ({ address, memory: { address, tensors: 1 } });

/** Values in f32 that lie in another tensor's memory. @throws {Error} beyond its end. */
export function sharedValues(whole: StoredTensor, offset: number, size: number): StoredTensor {
  const { type, memory } = whole;
  const bytes = 4 * size;
  if (type !== ElementType.float32 || offset < 0 || 4 * offset + bytes > whole.bytes) {
    throw new Error(`No ${size} values from ${offset} on in a tensor of ${whole.bytes} bytes`);
  }
  memory.tensors++;
  return { address: whole.address + 4 * offset, type, bytes, memory, references: 1 };
}

/** Bytes that a value takes up. */
const BYTES: Partial<Record<ElementTypeNumber, number>> = {
  [ElementType.float32]: 4,
  [ElementType.bfloat16]: 2,
  [ElementType.int32]: 4,
  [ElementType.bool]: 1,
};

const TYPES: Partial<Record<DataType, ElementTypeNumber>> = {
  float32: ElementType.float32,
  int32: ElementType.int32,
  bool: ElementType.bool,
};

/** To tfjs, bfloat16 and what is in blocks is float32: tensor/bfloat16.ts, tensor/quantized.ts. */
export const DTYPES = {
  [ElementType.float32]: 'float32',
  [ElementType.bfloat16]: 'float32',
  [ElementType.int32]: 'int32',
  [ElementType.bool]: 'bool',
  [ElementType.q8_0]: 'float32',
  [ElementType.q4_0]: 'float32',
  [ElementType.q4_1]: 'float32',
} as const;

/** The types of matrices in blocks, by their numbers. */
const BLOCK_TYPES = new Map<number, BlockType>(
  (Object.keys(BLOCK_TYPE_NUMBERS) as BlockType[]).map((type) => [BLOCK_TYPE_NUMBERS[type], type]),
);

/** Undefined where values lie one by one. */
export const blockTypeOf = (type: ElementTypeNumber): BlockType | undefined => BLOCK_TYPES.get(type);

/** Copies values into the engine's memory. @throws {Error} when there is none left. */
export function storeValues(door: Door, values: Values, dtype: DataType, references: number): StoredTensor {
  const type = TYPES[dtype];
  if (type === undefined) return { ...alone(0), type: ElementType.bool, bytes: 0, values, references };
  const { buffer, byteOffset, byteLength } = asKept(values, type);
  const address = door.allocate(byteLength);
  if (address === 0) throw new Error(`No memory for a tensor of ${byteLength} bytes`);
  door.write(address, new Uint8Array(buffer, byteOffset, byteLength));
  return { ...alone(address), type, bytes: byteLength, references };
}

/** A result of a call, which lies in the engine's memory already. */
export function storedResult({ address, type, shape }: Block): StoredTensor {
  const blocks = blockTypeOf(type);
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = blocks ? quantizedBytes(blocks, shape) : size * (BYTES[type] as number);
  return { ...alone(address), type, bytes, references: 1 };
}

/** A copy of the values, as tfjs has them. */
export function readValues(door: Door, { address, type, bytes, values }: StoredTensor): Values {
  if (values) return values;
  if (blockTypeOf(type)) throw new Error('A matrix in blocks is read through tensor/quantized.ts');
  const buffer = door.read(address, bytes);
  if (type === ElementType.float32) return new Float32Array(buffer);
  if (type === ElementType.int32) return new Int32Array(buffer);
  if (type === ElementType.bool) return new Uint8Array(buffer);
  const words = Uint32Array.from(new Uint16Array(buffer), (upperHalf) => upperHalf << 16);
  return new Float32Array(words.buffer);
}

/** As the engine keeps values of this type. */
function asKept(values: Values, type: ElementTypeNumber): Float32Array | Int32Array | Uint8Array {
  const numbers = values as ArrayLike<number>;
  if (type === ElementType.float32) return values instanceof Float32Array ? values : Float32Array.from(numbers);
  if (type === ElementType.int32) return values instanceof Int32Array ? values : Int32Array.from(numbers);
  return values instanceof Uint8Array ? values : Uint8Array.from(numbers);
}
