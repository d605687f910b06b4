import type { Breathe } from '../abort.ts';
import { type ParameterSpec, sizeOf } from '../model/parameters/parameters.ts';
import type { Batch, PackedRow, WeightedExample } from '../tokenization/example.ts';
import { addSums, type LossSums, meanLosses, NO_LOSS } from '../training/loss/loss-sums.ts';
import { supervised } from '../training/objective.ts';
import type { TrainingOptions } from '../training/options.ts';
import { accumulateGradient, type TrainableDecoder } from '../training/step.ts';
import type { Difference } from './check.ts';

/** What a step knows before its update: losses in nats, and the gradient in the order of the parameters' vector. */
export interface Figures {
  readonly loss: number;
  readonly promptLoss: number | null;
  readonly completionLoss: number | null;
  readonly gradient: Float32Array;
}

/** A step as training makes it: rows in micro-batches, through the objective. */
export function stepFigures(
  decoder: TrainableDecoder,
  rows: readonly (readonly PackedRow<WeightedExample>[])[],
  training: TrainingOptions,
  breathe?: Breathe,
): Promise<Figures> {
  const objective = supervised(training);
  const { batches } = objective.batches(rows);
  return gathered(decoder, async () => {
    let sums = NO_LOSS;
    for (const [microBatch, batch] of batches.entries()) {
      const place = { seed: training.seed, step: 0, microBatch };
      sums = addSums(sums, await objective.accumulate(decoder, batch, place, breathe));
    }
    return sums;
  });
}

/** The same for batches whose weights are divided already, each by itself and added up here. */
export async function addedFigures(
  decoder: TrainableDecoder,
  batches: readonly Batch[],
  { labelSmoothing }: Pick<TrainingOptions, 'labelSmoothing'>,
  breathe?: Breathe,
): Promise<Figures> {
  let sums = NO_LOSS;
  let gradient: Float32Array | undefined;
  for (const batch of batches) {
    const own = await gathered(decoder, async () => {
      const part = await accumulateGradient(decoder, batch, { labelSmoothing, breathe });
      sums = addSums(sums, part);
      return part;
    });
    if (gradient) for (let i = 0; i < gradient.length; i++) gradient[i]! += own.gradient[i] as number;
    gradient ??= own.gradient;
  }
  return { ...lossesOf(sums), gradient: gradient ?? new Float32Array() };
}

/** What is left of a step that broke is no part of the next. */
async function gathered(decoder: TrainableDecoder, accumulate: () => Promise<LossSums>): Promise<Figures> {
  const { parameters } = decoder;
  let sums: LossSums | undefined;
  try {
    sums = await accumulate();
  } finally {
    if (!sums) parameters.giveBackGradient(parameters.takeGradient());
  }
  const vector = parameters.takeGradient();
  // A copy: the engine's own memory serves the next step.
  const gradient = (await vector.data<'float32'>()).slice();
  parameters.giveBackGradient(vector);
  return { ...lossesOf(sums), gradient };
}

function lossesOf(sums: LossSums): Omit<Figures, 'gradient'> {
  const { promptLoss, completionLoss } = meanLosses(sums);
  return { loss: sums.weighted, promptLoss, completionLoss };
}

const LOSSES = { loss: 'loss', promptLoss: 'prompt loss', completionLoss: 'completion loss' } as const;

/**
 * Losses beside losses, as parts of theirs, or in nats where they are below 1: a difference of logits does not become
 * smaller with the loss; then the gradient's distance, as a part of its length.
 */
export function compareFigures(
  expected: Figures,
  found: Figures,
  { trainable, prefix = '' }: { readonly trainable: readonly ParameterSpec[]; readonly prefix?: string },
): Difference[] {
  const losses = Object.entries(LOSSES).flatMap(([key, name]) => {
    const [before, now] = [expected[key as keyof typeof LOSSES], found[key as keyof typeof LOSSES]];
    if (before === null && now === null) return [];
    return [compareLosses(`${prefix}${name}`, before ?? Number.NaN, now ?? Number.NaN)];
  });
  return [...losses, compareGradients(expected.gradient, found.gradient, { trainable, prefix })];
}

export const compareLosses = (name: string, expected: number, found: number): Difference => ({
  difference: Math.abs(found - expected) / Math.max(1, Math.abs(expected)),
  found: `${name}: ${expected.toPrecision(7)} becomes ${found.toPrecision(7)}`,
});

function compareGradients(
  expected: Float32Array,
  found: Float32Array,
  { trainable, prefix }: { readonly trainable: readonly ParameterSpec[]; readonly prefix: string },
): Difference {
  const parts = partsOf(trainable).map(({ name, from, to }) => ({
    name,
    apart: distance(expected.subarray(from, to), found.subarray(from, to)),
  }));
  const apart = Math.hypot(...parts.map((part) => part.apart));
  const length = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0));
  const most = parts.reduce(
    (one, other) => (other.apart > one.apart ? other : one),
    parts[0] ?? { name: '', apart: 0 },
  );
  const difference = apart === 0 ? 0 : apart / length;
  return {
    difference,
    found: `${prefix}gradient: off by ${difference.toPrecision(2)} of its length, most in ${most.name}`,
  };
}

function partsOf(trainable: readonly ParameterSpec[]) {
  let to = 0;
  return trainable.map(({ name, shape }) => {
    const from = to;
    to += sizeOf(shape);
    return { name, from, to };
  });
}

/** Euclidean, in 64 bits. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}
