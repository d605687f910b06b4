import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native/backend.ts';

/**
 * Gives back to the system what the open engine's pool holds for the next step: before something begins that needs other
 * memory, and so that the two together are no more than the larger.
 */
export function emptyPool(): void {
  const backend: (tf.KernelBackend & Partial<NativeBackend>) | null = tf.findBackend(tf.getBackend());
  backend?.door?.emptyPool();
}
