import * as tf from '@tensorflow/tfjs-core';

/**
 * Bytes that this process has in use: its resident memory without what the open engine's pool holds, which waits to be
 * used again. What a step is going to need comes on top of it.
 */
export function usedMemory(): number {
  const { numBytesInPool = 0 } = tf.memory() as { readonly numBytesInPool?: number };
  return process.memoryUsage.rss() - numBytesInPool;
}
