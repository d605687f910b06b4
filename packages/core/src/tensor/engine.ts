/** Which machinery runs the arithmetic, and what it can do. Knows nothing of Node: the same in a browser. */

export type EngineName = 'tfjs-node-gpu' | 'native' | 'tfjs-node' | 'wasm';

export interface Engine {
  readonly name: EngineName;
  /** For people: `our own engine for linux-x64 with avx512, 8 threads`. */
  readonly description: string;
  /** It is our own: operations that tfjs does not have (`native/kernels`), bfloat16, matrices in blocks (`quantized.ts`). */
  readonly fusedKernels: boolean;
  /** Bytes that its tensors can take up together, where there is a limit beside the machine's memory. */
  readonly addressableBytes?: number;
}

let current: Engine | undefined;

/** Called once by the door that opened the engine. */
export function setCurrentEngine(engine: Engine): void {
  current = engine;
}

/**
 * The engine in use. @throws {Error} before one was opened: a fault of the program, not of the user.
 * @example
 * ```ts
 * import { currentEngine, openEngine } from '@counterweight/core';
 *
 * await openEngine();
 * console.log(currentEngine().description);
 * ```
 */
export function currentEngine(): Engine {
  if (!current) throw new Error('No engine is open: await openEngine() first');
  return current;
}
