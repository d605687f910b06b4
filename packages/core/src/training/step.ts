import * as tf from '@tensorflow/tfjs-core';
import { type Decoder, hiddenStates } from '../model/decoder.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import type { Batch } from '../tokenization/example.ts';
import { addSums, type LossSums, NO_LOSS, readLossSums } from './loss/loss-sums.ts';
import { targetsOf, vocabularyLossWithGradient } from './loss/vocabulary-loss.ts';
import { type AdamState, adamW } from './optimizer/adamw.ts';

/** A model whose parameters can be trained. */
export interface TrainableDecoder extends Decoder {
  readonly parameters: ParameterStore;
}

/** Forward and backward through one micro-batch; the gradient gathers in the parameters. */
export async function accumulateGradient(decoder: TrainableDecoder, batch: Batch): Promise<LossSums> {
  const targets = targetsOf(batch);
  const hidden = hiddenStates(decoder, batch);
  const { losses, hiddenGradient } = vocabularyLossWithGradient(decoder, hidden.output, batch, targets);
  hidden.output.dispose();
  hidden.pullback(hiddenGradient);
  hiddenGradient.dispose();
  return readLossSums(losses, batch, targets);
}

export interface StepOptions {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradientNorm: number;
}

/**
 * One optimizer step over its micro-batches, whose weights are already divided by the step's one denominator.
 * @returns losses before the update and the gradient's global norm before clipping; the moments are replaced
 */
export async function trainStep(
  decoder: TrainableDecoder,
  adam: AdamState,
  batches: readonly Batch[],
  update: StepOptions,
): Promise<{ sums: LossSums; gradientNorm: number; adam: AdamState }> {
  let sums = NO_LOSS;
  for (const batch of batches) sums = addSums(sums, await accumulateGradient(decoder, batch));
  const { parameters } = decoder;
  const gradient = parameters.takeGradient();
  const { groups } = parameters;
  const next = adamW(parameters.vector, gradient, adam, { ...update, groups });
  parameters.replaceVector(next.parameters);
  parameters.giveBackGradient(gradient);
  tf.keep(next.mean);
  tf.keep(next.variance);
  const [gradientNorm = 0] = await next.norm.data();
  next.norm.dispose();
  return { sums, gradientNorm, adam: { mean: next.mean, variance: next.variance } };
}
