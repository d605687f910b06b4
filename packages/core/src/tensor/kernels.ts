import * as tf from '@tensorflow/tfjs-core';
import type { BlockType } from './block-types.ts';

/** What a backend offers that runs operations by their names (`native/`), and in types that tfjs does not know. */
export interface NamedKernels {
  callKernel(name: string, inputs: readonly tf.Tensor[], attributes: Attributes, outputs: number): tf.Tensor[];
  /** Whether what lies behind a tensor's `dataId` is bfloat16. */
  isBfloat16(dataId: object): boolean;
}

/** What a backend offers whose tensors may lie in the memory of others (`view.ts`). */
export interface SharedMemory {
  /** The `dataId` of values in f32 out of another tensor's, from the value at `offset` on. @throws {Error} beyond its end. */
  share(dataId: object, offset: number, size: number): object;
}

/** What a backend offers that holds matrices in blocks (`quantized.ts`). */
export interface BlockStorage {
  /** In which blocks a tensor lies; undefined for others. */
  blockTypeOf(dataId: object): BlockType | undefined;
  /** Writes blocks as they are into a matrix, from a byte of it on. */
  writeBlocks(dataId: object, offset: number, blocks: Uint8Array): void;
}

/** What an operation is told beside its tensors. Types of inputs need not be told: they are seen. */
export interface Attributes {
  readonly int?: Readonly<Record<string, number>>;
  readonly float?: Readonly<Record<string, number>>;
  readonly bool?: Readonly<Record<string, boolean>>;
  /** TensorFlow's numbers of types. */
  readonly type?: Readonly<Record<string, number>>;
  readonly list?: Readonly<Record<string, readonly number[]>>;
}

/**
 * Calls an operation by its name: of our own engine's (`currentEngine().fusedKernels`). No gradient tape sees it.
 *
 * @throws {Error} when the operation refuses its inputs.
 */
export function callKernel<Outputs extends readonly tf.Tensor[]>(
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: Outputs['length'],
  attributes: Attributes = {},
): Outputs {
  return (tf.backend() as unknown as NamedKernels).callKernel(name, inputs, attributes, outputs) as unknown as Outputs;
}
