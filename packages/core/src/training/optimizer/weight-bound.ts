import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../../model/parameters/parameter-store.ts';
import type { AdamWOptions } from './adamw.ts';
import { globalNorm } from './clip.ts';

/** Less than the largest f32, 3.4e38: room for rounding. */
const LARGEST = 3e38;
/** Where a square is no longer an f32, a second moment is none either. */
const LARGEST_GRADIENT = 1e19;
/**
 * AdamW moves a weight by at most 7.3 learning rates: |m| ≤ (1 − β₁) / √((1 − β₂)(1 − β₁²/β₂)) · √v, after Cauchy and
 * Schwarz. The rate by itself, divided by 1 − β₁, is 10 of them.
 */
const RATES = 16;

/**
 * Whether an update can be told, before it is made, to leave every weight and moment a finite number. Nothing is
 * computed for it in the steps of a sane run: no weight can have grown beyond what the learning rates of the steps so
 * far allow, and only where that bound passes f32's are the weights measured.
 */
export interface WeightBound {
  admits(
    parameters: Pick<ParameterStore, 'vector' | 'groups'>,
    gradientNorm: number,
    update: Pick<AdamWOptions, 'learningRate' | 'weightDecay' | 'maxGradientNorm'>,
  ): Promise<boolean>;
}

export function createWeightBound(): WeightBound {
  /** No weight is larger. */
  let bound = Number.POSITIVE_INFINITY;
  return {
    async admits({ vector, groups }, gradientNorm, { learningRate, weightDecay, maxGradientNorm }) {
      if (!(Math.min(gradientNorm, maxGradientNorm) < LARGEST_GRADIENT)) return false;
      const rate = learningRate * groups.reduce((most, group) => Math.max(most, group.learningRateScale), 0);
      const after = (before: number) => before * Math.max(1, Math.abs(1 - rate * weightDecay)) + RATES * rate;
      let next = after(bound);
      if (!(next < LARGEST)) next = after(await largestAtMost(vector));
      if (!(next < LARGEST)) return false;
      bound = next;
      return true;
    },
  };
}

/** The vector's norm, which no value of it exceeds; without squares beyond f32. */
async function largestAtMost(vector: tf.Tensor1D): Promise<number> {
  const scale = 1e20;
  const norm = tf.tidy(() => globalNorm(tf.div(vector, scale)));
  const [value = 0] = await norm.data();
  norm.dispose();
  return value * scale;
}
