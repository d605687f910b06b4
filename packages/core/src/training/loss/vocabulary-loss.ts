import * as tf from '@tensorflow/tfjs-core';
import type { Steps } from '../../abort.ts';
import { type Decoder, vocabularyWeight } from '../../model/decoder.ts';
import { softCapped } from '../../model/layers/soft-cap.ts';
import { likeType, precisionOf, toFloat32 } from '../../tensor/bfloat16.ts';
import { currentEngine } from '../../tensor/engine.ts';
import { product } from '../../tensor/product.ts';
import { type Batch, isPrompt } from '../../tokenization/example.ts';
import { fusedCrossEntropy, plainCrossEntropy, smoothed } from './cross-entropy.ts';

/**
 * Logits held at once, at most: 64 MiB of f32 where our operation needs no second tensor of that size, 16 MiB elsewhere.
 * `tokens × vocabulary` never exists.
 */
export const chunkElements = (): number => (currentEngine().fusedKernels ? 2 ** 24 : 2 ** 22);

/** Smoothing needs other tensors beside the logits. */
const SMOOTHED_ELEMENTS = 2 ** 22;

/** The targets of a batch, by their index in `rows × length`. */
export interface Targets {
  /** Weight > 0: they get logits, a loss and a gradient. */
  readonly weighted: Int32Array;
  /** The prompt's with weight 0: they get logits and a loss, for the log. */
  readonly observed: Int32Array;
}

export function targetsOf({ targetWeights, targetRoles }: Batch): Targets {
  const weighted: number[] = [];
  const observed: number[] = [];
  for (let i = 0; i < targetWeights.length; i++) {
    if ((targetWeights[i] as number) > 0) weighted.push(i);
    else if (isPrompt(targetRoles[i])) observed.push(i);
  }
  return { weighted: Int32Array.from(weighted), observed: Int32Array.from(observed) };
}

export interface VocabularyLoss {
  /** Negative log-likelihood in nats of `weighted`, then of `observed`. The caller reads and disposes it. */
  readonly losses: tf.Tensor1D;
  /** What label smoothing adds to those of `weighted`, where there is any. The caller's too. */
  readonly added?: tf.Tensor1D;
  /** Gradient of Σ weight · loss by the hidden states, `[rows · length, hidden]`. The caller disposes it. */
  readonly hiddenGradient: tf.Tensor;
}

export interface VocabularyLossOptions {
  /** 0 by default. */
  readonly labelSmoothing?: number | undefined;
  /** Logits held at once, at most. */
  readonly atOnce?: number | undefined;
}

/**
 * The weighted cross-entropy over the vocabulary, a chunk of targets at a time, forward and backward together.
 * `batch.targetWeights` are already divided by the step's denominator, so the gradient is final.
 *
 * @param hidden after the final norm, `[rows · length, hidden]`
 */
export function* vocabularyLossWithGradient(
  decoder: Decoder,
  hidden: tf.Tensor,
  batch: Batch,
  targets: Targets,
  { labelSmoothing = 0, atOnce = labelSmoothing > 0 ? SMOOTHED_ELEMENTS : chunkElements() }: VocabularyLossOptions = {},
): Steps<VocabularyLoss> {
  const weighted: { losses: tf.Tensor1D; added?: tf.Tensor1D; gradient: tf.Tensor }[] = [];
  let observed: tf.Tensor1D[] = [];
  try {
    for (const indices of chunksOfTargets(targets.weighted, decoder.config.vocabularySize, atOnce)) {
      weighted.push(
        tf.tidy(() => {
          const { losses, added, pullback } = chunkLoss(decoder, hidden, batch, indices, labelSmoothing);
          return { losses, ...(added && { added }), gradient: pullback() };
        }),
      );
      yield;
    }
    observed = yield* chunkLosses(decoder, hidden, batch, targets.observed, atOnce);
    return tf.tidy(() => ({
      losses: concatenated([...weighted.map((chunk) => chunk.losses), ...observed]),
      ...(labelSmoothing > 0 && { added: concatenated(weighted.map((chunk) => chunk.added as tf.Tensor1D)) }),
      hiddenGradient: spread(
        weighted.map((chunk) => chunk.gradient),
        targets.weighted,
        hidden.shape,
      ),
    }));
  } finally {
    tf.dispose([...weighted, ...observed]);
  }
}

/** The losses alone: of `weighted`, then of `observed`. */
export function* vocabularyLoss(
  decoder: Decoder,
  hidden: tf.Tensor,
  batch: Batch,
  targets: Targets,
): Steps<tf.Tensor1D> {
  const losses: tf.Tensor1D[] = [];
  try {
    for (const indices of [targets.weighted, targets.observed]) {
      losses.push(...(yield* chunkLosses(decoder, hidden, batch, indices, chunkElements())));
    }
    return concatenated(losses);
  } finally {
    tf.dispose(losses);
  }
}

function* chunkLosses(
  decoder: Decoder,
  hidden: tf.Tensor,
  batch: Batch,
  targets: Int32Array,
  atOnce: number,
): Steps<tf.Tensor1D[]> {
  const losses: tf.Tensor1D[] = [];
  try {
    for (const indices of chunksOfTargets(targets, decoder.config.vocabularySize, atOnce)) {
      losses.push(tf.tidy(() => chunkLoss(decoder, hidden, batch, indices).losses));
      yield;
    }
    return losses;
  } catch (reason) {
    tf.dispose(losses);
    throw reason;
  }
}

/** To be called in a tidy that ends after the pullback. */
function chunkLoss(decoder: Decoder, hidden: tf.Tensor, batch: Batch, indices: Int32Array, labelSmoothing = 0) {
  const name = vocabularyWeight(decoder.config);
  const { logitSoftcap } = decoder.config;
  const states = tf.gather(hidden, tf.tensor1d(indices, 'int32'));
  const weight = decoder.parameters.matrix(name).inPrecision(precisionOf(states));
  const ids = indices.map((i) => batch.targetIds[i] as number);
  const crossEntropyOf = currentEngine().fusedKernels ? fusedCrossEntropy : plainCrossEntropy;
  const logits = weight.timesTransposed(states);
  const capped = logitSoftcap === undefined ? undefined : softCapped(logits, logitSoftcap);
  const { losses, added, gradient } = (labelSmoothing > 0 ? smoothed(crossEntropyOf, labelSmoothing) : crossEntropyOf)(
    capped?.output ?? logits,
    ids,
  );
  return {
    losses,
    added,
    pullback: (): tf.Tensor => {
      const byCapped = gradient(Float32Array.from(indices, (i) => batch.targetWeights[i] as number));
      const dLogits = likeType(capped?.pullback(byCapped) ?? byCapped, states);
      decoder.parameters.accumulate(name, () => toFloat32(product(dLogits, states, { transposeA: true })));
      return toFloat32(weight.times(dLogits));
    },
  };
}

/** The chunks' gradients at their places among all tokens; zero elsewhere. */
function spread(gradients: tf.Tensor[], indices: Int32Array, shape: number[]): tf.Tensor {
  if (gradients.length === 0) return tf.zeros(shape);
  return tf.scatterND(tf.tensor2d(indices, [indices.length, 1], 'int32'), tf.concat(gradients), shape);
}

function chunksOfTargets(indices: Int32Array, vocabularySize: number, atOnce: number): Int32Array[] {
  const size = Math.max(1, Math.floor(atOnce / vocabularySize));
  const count = Math.ceil(indices.length / size);
  return Array.from({ length: count }, (_, chunk) => indices.subarray(chunk * size, (chunk + 1) * size));
}

const concatenated = (pieces: tf.Tensor1D[]): tf.Tensor1D =>
  pieces.length === 0 ? tf.tensor1d([]) : tf.concat(pieces);
