import type { backend_util, DataType } from '@tensorflow/tfjs-core';
import { type BlockType, quantizedBytes } from '../../tensor/block-types.ts';
import type { Block } from './calls.ts';
import { type Machine, MachineType, type MachineTypeNumber } from './machine.ts';

type Values = backend_util.BackendValues;

/** What lies behind a tensor's `dataId`. */
export interface StoredTensor {
  /** 0 where the values are on JavaScript's side: strings. */
  readonly address: number;
  readonly type: MachineTypeNumber;
  readonly bytes: number;
  readonly values?: Values;
  references: number;
}

/** Bytes that a value takes up. */
const BYTES: Partial<Record<MachineTypeNumber, number>> = {
  [MachineType.float32]: 4,
  [MachineType.bfloat16]: 2,
  [MachineType.int32]: 4,
  [MachineType.bool]: 1,
};

const TYPES: Partial<Record<DataType, MachineTypeNumber>> = {
  float32: MachineType.float32,
  int32: MachineType.int32,
  bool: MachineType.bool,
};

/** To tfjs, bfloat16 and what is in blocks is float32: tensor/bfloat16.ts, tensor/quantized.ts. */
export const DTYPES = {
  [MachineType.float32]: 'float32',
  [MachineType.bfloat16]: 'float32',
  [MachineType.int32]: 'int32',
  [MachineType.bool]: 'bool',
  [MachineType.q8_0]: 'float32',
  [MachineType.q4_0]: 'float32',
  [MachineType.q4_1]: 'float32',
} as const;

/** The types of matrices in blocks, by their numbers. */
const BLOCK_TYPES: Partial<Record<MachineTypeNumber, BlockType>> = {
  [MachineType.q8_0]: 'q8_0',
  [MachineType.q4_0]: 'q4_0',
  [MachineType.q4_1]: 'q4_1',
};

/** Undefined where values lie one by one. */
export const blockTypeOf = (type: MachineTypeNumber): BlockType | undefined => BLOCK_TYPES[type];

/** Copies values into the engine's memory. @throws {Error} when there is none left. */
export function storeValues(machine: Machine, values: Values, dtype: DataType, references: number): StoredTensor {
  const type = TYPES[dtype];
  if (type === undefined) return { address: 0, type: MachineType.bool, bytes: 0, values, references };
  const { buffer, byteOffset, byteLength } = asKept(values, type);
  const address = machine.allocate(byteLength);
  if (address === 0) throw new Error(`No memory for a tensor of ${byteLength} bytes`);
  machine.write(address, new Uint8Array(buffer, byteOffset, byteLength));
  return { address, type, bytes: byteLength, references };
}

/** A result of a call, which lies in the engine's memory already. */
export function storedResult({ address, type, shape }: Block): StoredTensor {
  const blocks = blockTypeOf(type);
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = blocks ? quantizedBytes(blocks, shape) : size * (BYTES[type] as number);
  return { address, type, bytes, references: 1 };
}

/** A copy of the values, as tfjs has them. */
export function readValues(machine: Machine, { address, type, bytes, values }: StoredTensor): Values {
  if (values) return values;
  if (blockTypeOf(type)) throw new Error('A matrix in blocks is read through tensor/quantized.ts');
  const buffer = machine.read(address, bytes);
  if (type === MachineType.float32) return new Float32Array(buffer);
  if (type === MachineType.int32) return new Int32Array(buffer);
  if (type === MachineType.bool) return new Uint8Array(buffer);
  const words = Uint32Array.from(new Uint16Array(buffer), (upperHalf) => upperHalf << 16);
  return new Float32Array(words.buffer);
}

/** As the engine keeps values of this type. */
function asKept(values: Values, type: MachineTypeNumber): Float32Array | Int32Array | Uint8Array {
  const numbers = values as ArrayLike<number>;
  if (type === MachineType.float32) return values instanceof Float32Array ? values : Float32Array.from(numbers);
  if (type === MachineType.int32) return values instanceof Int32Array ? values : Int32Array.from(numbers);
  return values instanceof Uint8Array ? values : Uint8Array.from(numbers);
}
