import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, breather } from '../abort.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';

/** What a training did to the parameters that it should not have; both are empty when all is well. */
export interface Surprises {
  /** Trained, and to the bit what they were. */
  readonly unmoved: readonly string[];
  /** Frozen, and other than they were. */
  readonly frozenMoved: readonly string[];
}

export const NO_SURPRISES: Surprises = { unmoved: [], frozenMoved: [] };

/** A sum over all bits of each parameter, by name: nothing of the values themselves is kept. */
export type ParameterSums = ReadonlyMap<string, number>;

/** @param breathe awaited every few million weights: by default only to let the event loop turn */
export async function sumParameters(
  parameters: ParameterStore,
  breathe: Breathe = breather(undefined),
): Promise<ParameterSums> {
  const sums = new Map<string, number>();
  for (const { name, shape } of [...parameters.trainable, ...parameters.frozen]) {
    sums.set(name, await sumOf(parameters, { name, shape }, breathe));
  }
  return sums;
}

/** What differs from the sums of before, and should not; or does not, and should. */
export async function surprisesSince(before: ParameterSums, parameters: ParameterStore): Promise<Surprises> {
  const after = await sumParameters(parameters);
  const moved = ({ name }: { readonly name: string }) => after.get(name) !== before.get(name);
  const names = (specs: readonly { readonly name: string }[]) => specs.map(({ name }) => name);
  return {
    unmoved: names(parameters.trainable.filter((spec) => !moved(spec))),
    frozenMoved: names(parameters.frozen.filter(moved)),
  };
}

/** Values that are on the host at one time, at most: the table of a vocabulary is a hundred times as large. */
const AT_ONCE = 2 ** 20;

async function sumOf(
  parameters: ParameterStore,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  breathe: Breathe,
): Promise<number> {
  await breathe();
  const [rows = 1, columns] = shape;
  if (columns === undefined) return bitSum(await parameters.get(name).data<'float32'>(), 0);
  const chunk = Math.max(1, Math.floor(AT_ONCE / columns));
  let sum = 0;
  for (let row = 0; row < rows; row += chunk) {
    const part = tf.tidy(() => parameters.matrix(name).slice([row, 0], [Math.min(chunk, rows - row), columns]));
    sum = bitSum(await part.data<'float32'>(), sum);
    part.dispose();
    await breathe();
  }
  return sum;
}

/** Changes with any single value, and with where it stands (FNV-1a, over words). */
function bitSum({ buffer, byteOffset, length }: Float32Array, start: number): number {
  const bits = new Int32Array(buffer, byteOffset, length);
  let sum = start;
  for (let i = 0; i < length; i++) sum = Math.imul(sum ^ (bits[i] as number), 0x01000193);
  return sum;
}
