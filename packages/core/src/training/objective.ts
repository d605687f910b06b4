import type { Breathe } from '../abort.ts';
import { packBatch } from '../batches/batch.ts';
import { type NormalizedStep, normalizeStep } from '../batches/normalize-weights.ts';
import type { Batch, PackedRow, WeightedExample } from '../tokenization/example.ts';
import type { LossSums } from './loss/loss-sums.ts';
import { type NoisePlace, noiseFor } from './noise.ts';
import type { TrainingOptions } from './options.ts';
import { accumulateGradient, type TrainableDecoder } from './step.ts';

/**
 * What an optimizer step makes smaller. A step is a number of micro-batches, each a number of rows; the optimizer
 * asks for nothing but the gradient that they leave in the parameters.
 */
export interface Objective {
  /** The step's rows as micro-batches of ids and weights. */
  batches(rows: readonly (readonly PackedRow<WeightedExample>[])[]): NormalizedStep;
  /** Forward and backward through one of them: adds its part of ∂L/∂θ to the parameters, returns its part of L. */
  accumulate(decoder: TrainableDecoder, batch: Batch, place: NoisePlace, breathe?: Breathe): Promise<LossSums>;
}

/**
 * Supervised fine-tuning: the weighted mean of the targets' cross-entropies, over all micro-batches of a step,
 *
 *     L = Σ w · ℓ / D        ℓ = −log p(target | what stands before it)
 *
 * - w, a target's weight, is what its segment says, times the prompt's where it is one       `batches/batch.ts`
 * - D is one number for the step, which `lossNormalization` says: the weights are divided by it here, on the host in
 *   64 bits, so that everything after this is a plain sum over micro-batches       `batches/normalize-weights.ts`
 * - ℓ and its gradient by the hidden states are made together, some logits at a time       `loss/vocabulary-loss.ts`
 * - from there the gradient walks home through the layers       `model/decoder.ts`
 * - and the host adds up w/D · ℓ in 64 bits       `loss/loss-sums.ts`
 */
export function supervised(training: TrainingOptions): Objective {
  const { labelSmoothing, neftuneAlpha } = training;
  return {
    batches: (rows) => normalizeStep(rows.map(packBatch), training),
    accumulate(decoder, batch, place, breathe) {
      const noise = noiseFor(place, batch, { adapterDropout: decoder.adapterDropout ?? 0, neftuneAlpha });
      return accumulateGradient(decoder, batch, { noise, labelSmoothing, breathe });
    },
  };
}
