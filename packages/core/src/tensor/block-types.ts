/**
 * Blocks of 32 values that lie together in a row of a matrix, in llama.cpp's types of the same names. A block has a scale,
 * q4_1's a least value too, and a level for each value in 8 or 4 bits: `native/engine/stored.h` has the formats.
 */
export type BlockType = 'q8_0' | 'q4_0' | 'q4_1';

export const BLOCK_VALUES = 32;

/** The engine's numbers of them (`native/engine/call.h`). */
export const BLOCK_TYPE_NUMBERS = { q8_0: 4, q4_0: 5, q4_1: 6 } as const satisfies Record<BlockType, number>;

/** Of a block. */
export const BLOCK_BYTES: Readonly<Record<BlockType, number>> = { q8_0: 34, q4_0: 18, q4_1: 20 };

/** Of a row of so many values: whole blocks. */
export const rowBytes = (type: BlockType, columns: number): number =>
  Math.ceil(columns / BLOCK_VALUES) * BLOCK_BYTES[type];

export const quantizedBytes = (type: BlockType, [rows = 0, columns = 0]: readonly number[]): number =>
  rows * rowBytes(type, columns);

/** How tensors are stored and how they lie in memory, for a receipt. */
export interface KeptTensors {
  readonly stored: string;
  readonly kept: BlockType;
  readonly tensors: number;
}
