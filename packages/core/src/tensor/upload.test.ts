import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { enginesToTest, enginesWithKernels } from '../test-support/engines.ts';
import { isBfloat16, toFloat32 } from './bfloat16.ts';
import { createUploadBuffer, uploadBfloat16, uploadFloat32 } from './upload.ts';

const engines = await enginesToTest();

describe.each(engines)('a tensor made of values in a buffer (%s)', (engine) => {
  it('keeps them when the buffer is written over', async () => {
    await openEngine(engine);
    // Small and large: allocators take them from different places.
    for (const rows of [1, 3, 64, 5000]) {
      const buffer = createUploadBuffer(4 * rows * 64);
      const values = buffer.float32(rows * 64).fill(1.5);
      const tensor = uploadFloat32(values, [rows, 64]);
      values.fill(-1);
      expect(new Set(tf.add(tensor, 1).dataSync())).toEqual(new Set([2.5]));
      expect(new Set(tensor.dataSync())).toEqual(new Set([1.5]));
      tensor.dispose();
    }
  });
});

describe.each(await enginesWithKernels())('bits of bfloat16 in a buffer (%s)', (engine) => {
  it('become a tensor of that type, to the bit, and nothing else', async () => {
    await openEngine(engine);
    const buffer = createUploadBuffer(2 ** 20);
    const bits = buffer.uint16(6);
    bits.set([0x3f80, 0x4049, 0x8000, 0xff80, 0x0001, 0x7f7f]);
    const before = tf.memory().numTensors;
    const tensor = uploadBfloat16(bits, [2, 3]);
    bits.fill(0);
    expect(isBfloat16(tensor)).toBe(true);
    expect(tensor.shape).toEqual([2, 3]);
    const wide = toFloat32(tensor);
    const wideBits = new Uint32Array((wide.dataSync() as Float32Array).slice().buffer);
    expect([...wideBits].map((word) => word >>> 16)).toEqual([0x3f80, 0x4049, 0x8000, 0xff80, 0x0001, 0x7f7f]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([tensor, wide]);
  });
});
