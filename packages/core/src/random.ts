/** A stream of numbers that a seed decides. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number;
  /** Uniform over 0, 1, … below − 1. */
  integer(below: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
}

/**
 * sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand). Streams of one seed are independent, so that each use
 * (an epoch's order, a layer's initial weights) can have its own, whatever the others draw.
 * @example
 * ```ts
 * import { createRandom } from '@counterweight/core';
 *
 * const random = createRandom(7);
 * console.log(random.integer(10), random.normal()); // the same two numbers each time
 * ```
 */
export function createRandom(seed: number, stream = 0): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = stream >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  // The seed reaches every bit of the state before the first number is given out.
  for (let i = 0; i < 16; i++) next();
  const uniform = () => next() / 2 ** 32;
  return {
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** A copy in random order (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
