import { availableParallelism, cpus, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { type Precision, toFloat32, toPrecision } from '../tensor/bfloat16.ts';
import { product } from '../tensor/product.ts';
import { sliceMatrix } from '../tensor/slice.ts';
import { freeMemory } from './free-memory.ts';

/** The product that all figures of this project speak of: [1024, 576] × [576, 1536]. */
const rows = 1024;
const inner = 576;
const columns = 1536;
const floatingPointOperations = 2 * rows * inner * columns;

/**
 * Speed of the open engine at a matrix product of a small model's size, in GFLOP/s: the median of a few runs after a
 * warm-up.
 *
 * @throws {Error} when no engine is open.
 * @example
 * ```ts
 * import { measureMatrixProduct, openEngine } from '@counterweight/core';
 *
 * await openEngine();
 * console.log(`${(await measureMatrixProduct()).toFixed(0)} GFLOP/s`);
 * ```
 */
export async function measureMatrixProduct(precision: Precision = 'f32', runs = 7): Promise<number> {
  const [a, b] = tf.tidy(() => [
    toPrecision(tf.randomNormal([rows, inner]), precision),
    toPrecision(tf.randomNormal([inner, columns]), precision),
  ]) as [tf.Tensor, tf.Tensor];
  const seconds: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    const result = product(a, b);
    // Reading one value back waits for an engine that works in the background.
    const corner = tf.tidy(() => toFloat32(sliceMatrix(result, [0, 0], [1, 1])));
    await corner.data();
    if (run > 0) seconds.push((performance.now() - start) / 1000);
    tf.dispose([result, corner]);
  }
  tf.dispose([a, b]);
  seconds.sort((x, y) => x - y);
  return floatingPointOperations / (seconds[seconds.length >> 1] ?? Number.NaN) / 1e9;
}

export interface Machine {
  readonly nodeVersion: string;
  readonly platform: string;
  readonly cpuModel: string;
  /** Processors that this process may use. */
  readonly cpuCount: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/**
 * What the program runs on. Where a container has a limit on memory, that is the total.
 * @example
 * ```ts
 * import { describeMachine } from '@counterweight/core';
 *
 * const { cpuModel, cpuCount, totalBytes } = describeMachine();
 * ```
 */
export function describeMachine(): Machine {
  const limit = process.constrainedMemory();
  const totalBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  return {
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpuCount: availableParallelism(),
    totalBytes,
    freeBytes: Math.min(freeMemory(), totalBytes),
  };
}
