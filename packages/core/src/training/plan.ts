import { drawEpoch, type Proportions } from '../data/draw.ts';
import { epochOrder } from '../data/order.ts';
import type { TrainingOptions } from './options.ts';

/** Which examples make up which step: a pure function of the options, so that a resumed run goes on exactly. */
export interface TrainingPlan {
  readonly steps: number;
  /** `step` counts from 0. */
  at(step: number): { readonly epoch: number; readonly microBatches: readonly (readonly number[])[] };
}

export function planTraining(
  /** Length of every example, in tokens. */
  lengths: readonly number[],
  options: Pick<TrainingOptions, 'batchSize' | 'gradientAccumulation' | 'epochs' | 'maxSteps' | 'seed' | 'shuffle'>,
  /** Where an epoch is not every example once: how much of it is of which group. */
  proportions?: Proportions | undefined,
): TrainingPlan {
  const { batchSize, gradientAccumulation, epochs, maxSteps, seed, shuffle } = options;
  const batchesPerEpoch = Math.ceil(lengths.length / batchSize);
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / gradientAccumulation);
  const batchesOf = (epoch: number): number[][] => {
    if (!proportions) return epochOrder({ lengths, batchSize, seed, epoch, shuffle });
    const drawn = drawEpoch({ ...proportions, seed, epoch, shuffle });
    const order = epochOrder({ lengths: drawn.map((i) => lengths[i] as number), batchSize, seed, epoch, shuffle });
    return order.map((batch) => batch.map((place) => drawn[place] as number));
  };
  let order: { epoch: number; batches: readonly (readonly number[])[] } | undefined;
  return {
    steps: maxSteps ?? Math.max(1, Math.round(epochs * stepsPerEpoch)),
    at(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (order?.epoch !== epoch) order = { epoch, batches: batchesOf(epoch) };
      const first = (step % stepsPerEpoch) * gradientAccumulation;
      return { epoch, microBatches: order.batches.slice(first, first + gradientAccumulation) };
    },
  };
}

/** The largest micro-batch that a plan can make of examples of these lengths. */
export function largestBatch(
  lengths: readonly number[],
  { batchSize }: Pick<TrainingOptions, 'batchSize'>,
): { rows: number; length: number } {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return { rows: Math.min(batchSize, lengths.length), length: Math.max(1, longest - 1) };
}
