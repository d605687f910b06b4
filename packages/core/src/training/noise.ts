import * as tf from '@tensorflow/tfjs-core';
import type { Noise } from '../model/noise.ts';
import { randomBits } from '../random-bits.ts';
import type { Batch } from '../tokenization/example.ts';

/** Which draw it is: the run's seed, the step from 0, and the micro-batch of the step. */
export interface NoisePlace {
  readonly seed: number;
  readonly step: number;
  readonly microBatch: number;
}

export interface NoiseOptions {
  /** 0 for none, like the other. */
  readonly adapterDropout: number;
  readonly neftuneAlpha: number;
}

/** The noise of one micro-batch, drawn from (seed, step, micro-batch, layer). */
export function noiseFor(
  { seed, step, microBatch }: NoisePlace,
  batch: Pick<Batch, 'exampleIds' | 'positions'>,
  { adapterDropout, neftuneAlpha }: NoiseOptions,
): Noise {
  return {
    ...(adapterDropout > 0 && {
      adapterDropout: {
        rate: adapterDropout,
        mask: (layer, shape) => mask(shape, adapterDropout, ['dropout', seed, step, microBatch, layer]),
      },
    }),
    ...(neftuneAlpha > 0 && {
      embeddings: (hiddenSize) => embeddingNoise(batch, hiddenSize, neftuneAlpha, ['neftune', seed, step, microBatch]),
    }),
  };
}

/** Half a word decides about each value: shares are multiples of 2⁻¹⁶. */
const HALF = 2 ** 16;

function mask(shape: readonly [number, number], rate: number, key: readonly (number | string)[]): tf.Tensor {
  const bits = randomBits(...key);
  const threshold = Math.round(rate * HALF);
  const values = new Float32Array(shape[0] * shape[1]);
  // Without a branch: which values are left out is what no processor can foresee.
  const stays = (half: number) => 1 - ((half - threshold) >>> 31);
  const even = values.length - (values.length % 2);
  for (let i = 0; i < even; i += 2) {
    const word = bits(i >>> 1);
    values[i] = stays(word & 0xffff);
    values[i + 1] = stays(word >>> 16);
  }
  if (even < values.length) values[even] = stays(bits(even >>> 1) & 0xffff);
  return tf.tensor2d(values, [shape[0], shape[1]]);
}

/**
 * NEFTune: uniform within ±α / √(L · d), L being the length of the token's own example, without padding.
 * Source: Jain et al. 2023, arXiv 2310.05914.
 */
function embeddingNoise(
  { exampleIds, positions }: Pick<Batch, 'exampleIds' | 'positions'>,
  hiddenSize: number,
  alpha: number,
  key: readonly (number | string)[],
): tf.Tensor {
  const lengths = new Map<number, number>();
  for (const [place, example] of exampleIds.entries()) {
    if (example >= 0) lengths.set(example, Math.max(lengths.get(example) ?? 0, (positions[place] as number) + 1));
  }
  const bits = randomBits(...key);
  const values = new Float32Array(exampleIds.length * hiddenSize);
  for (const [place, example] of exampleIds.entries()) {
    if (example < 0) continue;
    const largest = alpha / Math.sqrt((lengths.get(example) as number) * hiddenSize);
    for (let i = place * hiddenSize; i < (place + 1) * hiddenSize; i++) {
      values[i] = largest * (bits(i) / 2 ** 31 - 1);
    }
  }
  return tf.tensor2d(values, [exampleIds.length, hiddenSize]);
}
