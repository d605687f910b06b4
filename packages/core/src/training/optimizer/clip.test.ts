import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { clipToNorm, globalNorm } from './clip.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

const clip = (values: number[], maxNorm: number): { clipped: number[]; norm: number } =>
  tf.tidy(() => {
    const gradient = tf.tensor1d(values);
    const norm = globalNorm(gradient);
    const clipped = clipToNorm(gradient, norm, maxNorm);
    return { clipped: [...clipped.dataSync()], norm: norm.dataSync()[0] as number };
  });

it('scales a gradient of norm 13 down to norm 1', () => {
  const { clipped, norm } = clip([3, -4, 12], 1);
  expect(norm).toBe(13);
  for (const [i, expected] of [3 / 13, -4 / 13, 12 / 13].entries()) expect(clipped[i]).toBeCloseTo(expected, 6);
});

it('leaves a smaller one as it is', () => {
  expect(clip([3, -4], 6)).toEqual({ clipped: [3, -4], norm: 5 });
});

it('takes a gradient of zero', () => {
  expect(clip([0, 0], 1)).toEqual({ clipped: [0, 0], norm: 0 });
});
