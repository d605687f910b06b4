import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { enginesWithKernels } from '../test-support/engines.ts';
import { openEngine } from './open-engine.ts';
import { usedMemory } from './used-memory.ts';

describe.each(await enginesWithKernels())('memory in use (%s)', (engine) => {
  it('is what is resident, but for what waits in the pool', async () => {
    await openEngine(engine);
    // Twice as much stays in use, so that the pool keeps what is given back.
    const kept = tf.ones([2 ** 23]);
    tf.ones([2 ** 21]).dispose();
    const { numBytesInPool } = tf.memory() as unknown as { readonly numBytesInPool: number };
    expect(numBytesInPool).toBeGreaterThanOrEqual(4 * 2 ** 21);
    const [before, used, after] = [process.memoryUsage.rss(), usedMemory(), process.memoryUsage.rss()];
    expect(used).toBeGreaterThanOrEqual(Math.min(before, after) - numBytesInPool);
    expect(used).toBeLessThanOrEqual(Math.max(before, after) - numBytesInPool);
    kept.dispose();
  });
});
