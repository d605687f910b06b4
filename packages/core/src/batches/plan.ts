import type { Examples, PackedRow } from '../tokenization/example.ts';
import type { TrainingOptions } from '../training/options.ts';
import { chunks, lengthGroupedBatches } from './length-grouped-batches.ts';
import { type Packing, packEpoch } from './pack.ts';
import { type MixtureWeights, sampleMixture } from './sample-mixture.ts';

/** Rows of one batch, each with the examples in it, by number. */
export type MicroBatch = readonly PackedRow<number>[];

/** Which examples make up which step: a pure function of the options, so that a resumed run goes on exactly. */
export interface TrainingPlan {
  readonly steps: number;
  /** `step` counts from 0. */
  at(step: number): { readonly epoch: number; readonly microBatches: readonly MicroBatch[] };
  /** All of an epoch's, in order. */
  batchesIn(epoch: number): readonly MicroBatch[];
}

export interface PlanExtras {
  /** Where an epoch is not every example once: how much of it is of which group. */
  readonly proportions?: MixtureWeights | undefined;
  /** Where a row holds several examples. */
  readonly packing?: Packing | undefined;
}

export function planTraining(
  examples: Pick<Examples, 'lengths'>,
  options: Pick<TrainingOptions, 'batchSize' | 'gradientAccumulation' | 'epochs' | 'maxSteps' | 'seed' | 'shuffle'>,
  extras: PlanExtras = {},
): TrainingPlan {
  const { gradientAccumulation, epochs, maxSteps } = options;
  let order: { epoch: number; batches: readonly MicroBatch[] } | undefined;
  const batchesIn = (epoch: number): readonly MicroBatch[] => {
    if (order?.epoch !== epoch) order = { epoch, batches: batchesOf(epoch, examples, options, extras) };
    return order.batches;
  };
  // Epochs differ in steps only where what is drawn does, and packs into more rows or fewer.
  const differ = extras.packing && extras.proportions;
  const counts = new Map<number, number>();
  const stepsIn = (epoch: number): number => {
    const like = differ ? epoch : 0;
    const known = counts.get(like) ?? Math.max(1, Math.ceil(batchesIn(like).length / gradientAccumulation));
    counts.set(like, known);
    return known;
  };
  /** The first step of each epoch, as far as it was asked for. */
  const starts = [0];
  const startOf = (epoch: number): number => {
    while (starts.length <= epoch) starts.push((starts.at(-1) as number) + stepsIn(starts.length - 1));
    return starts[epoch] as number;
  };
  const whole = Math.floor(epochs);
  const steps = startOf(whole) + (epochs > whole ? (epochs - whole) * stepsIn(whole) : 0);
  return {
    batchesIn,
    steps: maxSteps ?? Math.max(1, Math.round(steps)),
    at(step) {
      while ((starts.at(-1) as number) <= step) startOf(starts.length);
      const epoch = starts.findLastIndex((start) => start <= step);
      const first = (step - startOf(epoch)) * gradientAccumulation;
      return { epoch, microBatches: batchesIn(epoch).slice(first, first + gradientAccumulation) };
    },
  };
}

function batchesOf(
  epoch: number,
  { lengths }: Pick<Examples, 'lengths'>,
  { batchSize, seed, shuffle }: Pick<TrainingOptions, 'batchSize' | 'seed' | 'shuffle'>,
  { proportions, packing }: PlanExtras,
): MicroBatch[] {
  const drawn = proportions ? sampleMixture({ ...proportions, seed, epoch, shuffle }) : lengths.map((_, i) => i);
  if (packing) return chunks(packEpoch(packing, { drawn, seed, epoch, shuffle }), batchSize);
  const order = lengthGroupedBatches({
    lengths: drawn.map((i) => lengths[i] as number),
    batchSize,
    seed,
    epoch,
    shuffle,
  });
  return order.map((batch) => batch.map((place) => ({ examples: [drawn[place] as number], prefix: 0 })));
}

/** The largest micro-batch that a plan can make of examples of these lengths, or of so many packed rows. */
export function largestBatch(
  { lengths }: Pick<Examples, 'lengths'>,
  { batchSize }: Pick<TrainingOptions, 'batchSize'>,
  packed?: { readonly rows: number; readonly rowLength: number } | undefined,
): { rows: number; length: number } {
  if (packed) return { rows: Math.min(batchSize, packed.rows), length: packed.rowLength };
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return { rows: Math.min(batchSize, lengths.length), length: Math.max(1, longest - 1) };
}
