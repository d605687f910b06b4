import type { TrainingOptions } from './options.ts';

export type Schedule = { readonly peak: number; readonly steps: number } & Pick<TrainingOptions, 'schedule'> &
  Partial<Pick<TrainingOptions, 'warmupSteps' | 'warmupRatio' | 'minLearningRateRatio'>>;

/**
 * The learning rate of a step, counted from 0: a linear rise over the warm-up, then the schedule's way down to its
 * floor. Like transformers' `cosine_with_min_lr`, and its `warmup_ratio`.
 */
export function learningRateAt(step: number, options: Schedule): number {
  const { schedule, peak, steps, minLearningRateRatio: floor = 0 } = options;
  const warmup = warmupStepsOf(options);
  if (step < warmup) return (peak * (step + 1)) / (warmup + 1);
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  const above = (rate: number) => floor * peak + (1 - floor) * rate;
  switch (schedule) {
    case 'constant':
      return peak;
    case 'linear':
      return above(peak * (1 - progress));
    case 'cosine':
      return above((peak * (1 + Math.cos(Math.PI * progress))) / 2);
  }
}

/** A share of a step counts as one. */
export const warmupStepsOf = ({ warmupSteps = 0, warmupRatio, steps }: Schedule): number =>
  warmupRatio === undefined ? warmupSteps : Math.ceil(warmupRatio * steps);

/**
 * The peak learning rate: low-rank adapters bear and need a higher one than whole weights.
 * @example
 * ```ts
 * import { peakLearningRate, trainingOptionsSchema } from '@counterweight/core';
 *
 * peakLearningRate(trainingOptionsSchema.parse({ method: 'full' })); // 2e-5
 * ```
 */
export const peakLearningRate = ({ learningRate, method }: TrainingOptions): number =>
  learningRate ?? (method === 'lora' ? 2e-4 : 2e-5);
