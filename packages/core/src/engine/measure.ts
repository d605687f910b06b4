import { availableParallelism, cpus, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { type Precision, toFloat32, toPrecision } from '../tensor/bfloat16.ts';
import { currentEngine, type EngineName } from '../tensor/engine.ts';
import { product } from '../tensor/product.ts';
import { freeMemory } from './free-memory.ts';

/** The product that all figures of this project speak of: [1024, 576] × [576, 1536]. */
const rows = 1024;
const inner = 576;
const columns = 1536;
const floatingPointOperations = 2 * rows * inner * columns;

/** What the open engine's products reach, in GFLOP/s: the best of a few runs, which other work on the machine changes least. */
export interface ProductSpeeds {
  readonly f32: number;
  /** Left out where the engine computes in f32 only. */
  readonly bf16?: number;
  /** The one to choose where nothing else decides. */
  readonly faster: Precision;
}

/** Times as fast as f32 that bf16 has to be: where they are alike, f32 is finer, and chance must not decide. */
const WORTHWHILE = 1.1;

const measured = new Map<EngineName, Promise<ProductSpeeds>>();

/**
 * Speeds of the open engine in f32 and bf16, measured once a process: a quarter of a second, one on WebAssembly with one
 * thread. This is what the precision `auto` is decided by.
 *
 * @throws {Error} when no engine is open.
 * @example
 * ```ts
 * import { measureProducts, openEngine } from '@counterweight/core';
 *
 * await openEngine();
 * const { f32, bf16, faster } = await measureProducts();
 * console.log(f32, bf16, faster);
 * ```
 */
export function measureProducts(): Promise<ProductSpeeds> {
  const { name, fusedKernels } = currentEngine();
  const speeds = measured.get(name) ?? measureBoth(fusedKernels);
  measured.set(name, speeds);
  return speeds;
}

async function measureBoth(hasBfloat16: boolean): Promise<ProductSpeeds> {
  const [f32 = 0, bf16] = await measureInTurn(hasBfloat16 ? ['f32', 'bf16'] : ['f32'], 5);
  if (bf16 === undefined) return { f32, faster: 'f32' };
  return { f32, bf16, faster: bf16 > WORTHWHILE * f32 ? 'bf16' : 'f32' };
}

/** One after the other and again, so that what else the machine does is in all of them; the best of each. */
async function measureInTurn(precisions: readonly Precision[], runs: number): Promise<number[]> {
  const products = precisions.map((precision) => ({ factors: randomFactors(precision), seconds: [] as number[] }));
  for (let run = 0; run <= runs; run++) {
    for (const { factors, seconds } of products) {
      const taken = await timeProduct(...factors);
      if (run > 0) seconds.push(taken);
    }
  }
  tf.dispose(products.map(({ factors }) => factors));
  return products.map(({ seconds }) => floatingPointOperations / Math.min(...seconds) / 1e9);
}

const randomFactors = (precision: Precision): [tf.Tensor, tf.Tensor] =>
  tf.tidy(() => [
    toPrecision(tf.randomNormal([rows, inner]), precision),
    toPrecision(tf.randomNormal([inner, columns]), precision),
  ]);

async function timeProduct(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  const start = performance.now();
  const result = product(a, b);
  // Reading one value back waits for an engine that works in the background.
  const corner = tf.tidy(() => toFloat32(tf.slice(result, [0, 0], [1, 1])));
  await corner.data();
  const seconds = (performance.now() - start) / 1000;
  tf.dispose([result, corner]);
  return seconds;
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
