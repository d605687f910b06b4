import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, breather, withBreaths } from '../abort.ts';
import { type Decoder, hiddenStates } from '../model/decoder.ts';
import type { Noise } from '../model/noise.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import type { Batch } from '../tokenization/example.ts';
import { ALONE, type Communicator, StoppedElsewhere } from './communicator.ts';
import { dealt, joinLosses, type OwnLosses } from './dealt-step.ts';
import { addSums, isFiniteLoss, type LossSums, NO_LOSS, readLossSums } from './loss/loss-sums.ts';
import { targetsOf, vocabularyLossWithGradient } from './loss/vocabulary-loss.ts';
import type { AdamState } from './optimizer/adamw.ts';
import { type Optimizer, wholeOptimizer } from './optimizer/optimizer.ts';
import { createWeightBound, type WeightBound } from './optimizer/weight-bound.ts';

/** A model whose parameters can be trained. */
export interface TrainableDecoder extends Decoder {
  readonly parameters: ParameterStore;
  /** Share of what adapters read that a step leaves out; 0 by default. */
  readonly adapterDropout?: number | undefined;
}

/** What a loss is made of beside the model and the batch. */
export interface LossOptions {
  readonly noise?: Noise | undefined;
  /** 0 by default. */
  readonly labelSmoothing?: number | undefined;
  /** Awaited between layers and between parts of the loss: what it throws leaves the micro-batch. */
  readonly breathe?: Breathe | undefined;
}

/**
 * Forward and backward through one micro-batch: Σ w · ∂ℓ/∂θ is added to the gradient in the parameters, and Σ w · ℓ comes
 * back with the other sums. The batch's weights w are divided by D already, so this is the micro-batch's part of L.
 */
export async function accumulateGradient(
  decoder: TrainableDecoder,
  batch: Batch,
  { noise, labelSmoothing, breathe }: LossOptions = {},
): Promise<LossSums> {
  const targets = targetsOf(batch);
  const hidden = await hiddenStates(decoder, batch, { noise, breathe });
  const { hiddenGradient, ...losses } = await withBreaths(
    vocabularyLossWithGradient(decoder, hidden.output, batch, targets, { labelSmoothing }),
    breathe,
  )
    .catch((error: unknown) => {
      hidden.dispose();
      throw error;
    })
    .finally(() => hidden.output.dispose());
  try {
    await hidden.pullback(hiddenGradient);
  } catch (error) {
    tf.dispose([...Object.values(losses)]);
    throw error;
  } finally {
    hiddenGradient.dispose();
  }
  return readLossSums(losses, batch, targets);
}

export interface StepOptions {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradientNorm: number;
  /** Forward and backward through a micro-batch, by its number; by default the plain loss. */
  readonly accumulate?: ((batch: Batch, microBatch: number, breathe: Breathe) => Promise<LossSums>) | undefined;
  /** Kept from step to step; a fresh one measures the weights first. */
  readonly weightBound?: WeightBound | undefined;
  /** With whom the step is made; by default alone. */
  readonly workers?: Communicator | undefined;
  /** By default the whole update at every worker. */
  readonly optimizer?: Optimizer | undefined;
  /** Looked at between layers: an abort leaves the step, with parameters and moments as they were before it. */
  readonly signal?: AbortSignal | undefined;
}

/** What was not finite: a loss (of which micro-batch), the gradient's norm, or a weight if the update had been made. */
export type NonFinite =
  | { readonly what: 'loss'; readonly microBatch: number }
  | { readonly what: 'gradient' }
  | { readonly what: 'weight' };

export interface StepResult {
  /** Losses before the update. */
  readonly sums: LossSums;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** The moments after the update; those from before are replaced. */
  readonly adam: AdamState;
  /** Set where no update was made: parameters and moments are, to the bit, what they were. */
  readonly nonFinite?: NonFinite;
}

/** One optimizer step over its micro-batches, whose weights are already divided by the step's one denominator. */
export async function trainStep(
  decoder: TrainableDecoder,
  adam: AdamState,
  batches: readonly Batch[],
  update: StepOptions,
): Promise<StepResult> {
  const { parameters } = decoder;
  const { workers = ALONE, optimizer = wholeOptimizer(parameters, workers), signal } = update;
  const { sums, nonFiniteAt } = await orForget(parameters, signal, async () =>
    joinLosses(await ownLosses(decoder, batches, update), workers),
  );
  const vector = parameters.takeGradient();
  const norm = await optimizer.join(vector);
  const [gradientNorm = 0] = await norm.data();
  const nonFinite: NonFinite | undefined =
    nonFiniteAt === undefined
      ? await nonFiniteUpdate(parameters, gradientNorm, update)
      : { what: 'loss', microBatch: nonFiniteAt };
  const next = nonFinite ? adam : await optimizer.update({ vector, norm }, adam, update);
  parameters.giveBackGradient(vector);
  norm.dispose();
  return { sums, gradientNorm, adam: next, ...(nonFinite && { nonFinite }) };
}

/** Forward and backward through this worker's micro-batches, until a loss is not finite or it is asked to stop. */
async function ownLosses(
  decoder: TrainableDecoder,
  batches: readonly Batch[],
  { accumulate = plainLoss(decoder), workers = ALONE, signal }: StepOptions,
): Promise<OwnLosses> {
  const breathe = breather(signal);
  const losses: [number, LossSums][] = [];
  let sums = NO_LOSS;
  for (const [microBatch, batch] of dealt(batches, workers)) {
    try {
      await breathe();
      losses.push([microBatch, await accumulate(batch, microBatch, breathe)]);
    } catch (reason) {
      if (signal?.aborted && reason === signal.reason) return { losses, hasLeft: true };
      throw reason;
    }
    sums = addSums(sums, (losses.at(-1) as [number, LossSums])[1]);
    if (!isFiniteLoss(sums)) break;
  }
  return { losses, hasLeft: false };
}

const plainLoss =
  (decoder: TrainableDecoder): NonNullable<StepOptions['accumulate']> =>
  (batch, _, breathe) =>
    accumulateGradient(decoder, batch, { breathe });

/** What was gathered of a step that is left is no part of the next. @throws the signal's reason, where it was aborted */
async function orForget<Result>(
  parameters: ParameterStore,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (reason) {
    parameters.giveBackGradient(parameters.takeGradient());
    if (reason instanceof StoppedElsewhere) signal?.throwIfAborted();
    throw reason;
  }
}

async function nonFiniteUpdate(
  parameters: ParameterStore,
  gradientNorm: number,
  update: StepOptions,
): Promise<NonFinite | undefined> {
  if (!Number.isFinite(gradientNorm)) return { what: 'gradient' };
  const { weightBound = createWeightBound() } = update;
  return (await weightBound.admits(parameters, gradientNorm, update)) ? undefined : { what: 'weight' };
}
