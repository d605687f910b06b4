import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../backend.ts';

/** A tensor as kernels know it. */
export type Info = tf.TensorInfo;

type InputName = 'a' | 'b' | 'x' | 'input' | 'value' | 'logits' | 'condition' | 't' | 'e' | IndexName;
type IndexName = 'indices' | 'params' | 'updates' | 'segmentIds';

/** The attributes that kernels here are told, each those that are its own. */
export interface KernelAttributes {
  readonly axis: number | number[];
  readonly reductionIndices: number | number[];
  readonly dim: number;
  readonly dims: number | number[];
  readonly keepDims: boolean;
  readonly exclusive: boolean;
  readonly reverse: boolean;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly clipValueMin: number;
  readonly clipValueMax: number;
  readonly dtype: tf.DataType;
  readonly shape: number[];
  readonly begin: number[];
  readonly end: number[];
  readonly size: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
  readonly perm: number[];
  readonly reps: number[];
  readonly paddings: [number, number][];
  readonly constantValue: number;
  readonly numOrSizeSplits: number | number[];
  readonly batchDims?: number;
  readonly numSegments: number;
  readonly value: number;
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly num: number;
}

/** What tfjs calls a kernel with; `inputs` is an array where a kernel takes any number of them. */
export interface KernelCall {
  readonly inputs: Readonly<Record<InputName, Info>>;
  readonly attrs: KernelAttributes;
  readonly backend: NativeBackend;
}

export type Kernel = (call: KernelCall) => Info | Info[];

/** Kernels by their names. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/** TensorFlow's numbers of types, by which operations are told of them. */
const TYPE_NUMBERS = { float32: 1, int32: 3, bool: 10 } as const;
export const BFLOAT16 = 14;

/** Whether tensors of this type lie in the engine's memory; strings do not. */
export const isOwnType = (dtype: string): boolean => dtype in TYPE_NUMBERS;

/** @throws {Error} for types that the engine has not. */
export function typeNumber(dtype: string): number {
  const number = TYPE_NUMBERS[dtype as keyof typeof TYPE_NUMBERS];
  if (number === undefined) throw new Error(`The engine has no tensors of type ${dtype}`);
  return number;
}

/** The one result of an operation. */
export function callOne(
  backend: NativeBackend,
  name: string,
  inputs: readonly Info[],
  attributes?: Parameters<NativeBackend['call']>[2],
): Info {
  return backend.call(name, inputs, attributes)[0] as Info;
}

/** The same values in another shape: nothing is copied, as nothing changes a tensor. */
export function share(backend: NativeBackend, { dataId, dtype }: Info, shape: readonly number[]): Info {
  backend.incRef(dataId);
  return { dataId, dtype, shape: [...shape] };
}

/** A result of ours in another shape. */
export const reshaped = ({ dataId, dtype }: Info, shape: readonly number[]): Info => ({
  dataId,
  dtype,
  shape: [...shape],
});

export function cast(backend: NativeBackend, x: Info, dtype: string): Info {
  if (x.dtype === dtype) return share(backend, x, x.shape);
  return callOne(backend, 'Cast', [x], { DstT: typeNumber(dtype) });
}
