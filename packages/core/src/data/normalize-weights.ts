import { UserError } from '../errors.ts';
import { type Batch, TargetClass } from './example.ts';

/** What the weighted loss of an optimizer step is divided by. */
export type LossNormalization = 'weight-sum' | 'token-count' | 'completion-count' | 'per-example';

export interface NormalizeOptions {
  readonly lossNormalization: LossNormalization;
  /**
   * f: the share of the total weight of prompt and completion that the prompt makes up, in place of a prompt weight.
   * The batches are made with `promptLossWeight: 1` then, so that the weights of segments still count.
   */
  readonly promptLossFraction?: number | undefined;
}

export interface NormalizedStep {
  /** The same micro-batches with target weights already divided: their weighted losses add up to the step's loss. */
  readonly batches: Batch[];
  /** Σ w_t over the step, before the division. */
  readonly weightSum: number;
  /** D of L = Σ w_t · ℓ_t / D; the number of examples for `per-example`, whose weights are divided by their own sums first. */
  readonly denominator: number;
}

/**
 * One denominator for all micro-batches of an optimizer step, so that the step does not depend on how its examples are
 * dealt out to them. With n_t = 1 for a target and w_t its weight:
 *
 *     weight-sum        D = Σ w_t
 *     token-count       D = number of targets with w_t > 0
 *     completion-count  D = number of completion targets
 *     per-example       D = number of examples, each example's weights divided by their own sum
 *
 * Sums are kept in 64 bits.
 * @throws {UserError} `nothing-to-train-on` when the step has no weight to divide by.
 */
export function normalizeStep(batches: readonly Batch[], options: NormalizeOptions): NormalizedStep {
  const { lossNormalization, promptLossFraction } = options;
  const promptScale = promptLossFraction === undefined ? 1 : promptScaleFor(promptLossFraction, batches);
  const weights = batches.map((batch) =>
    Float64Array.from(batch.targetWeights, (weight, i) =>
      batch.targetClasses[i] === TargetClass.prompt ? weight * promptScale : weight,
    ),
  );
  const weightSum = sumWhere(weights, () => true);
  const denominator = denominatorOf(batches, weights, lossNormalization);
  if (!(denominator > 0 && weightSum > 0)) throw noWeight();
  const normalized = batches.map((batch, b) => {
    const own = weights[b] ?? new Float64Array();
    const exampleSums = lossNormalization === 'per-example' ? sumsPerExample(batch, own) : undefined;
    const divisor = (i: number) => (exampleSums?.get(batch.exampleIds[i] ?? -1) || 1) * denominator;
    return { ...batch, targetWeights: Float32Array.from(own, (weight, i) => weight / divisor(i)) };
  });
  return { batches: normalized, weightSum, denominator };
}

function denominatorOf(
  batches: readonly Batch[],
  weights: readonly Float64Array[],
  lossNormalization: LossNormalization,
): number {
  switch (lossNormalization) {
    case 'weight-sum':
      return sumWhere(weights, () => true);
    case 'token-count':
      return weights.reduce((count, own) => count + own.filter((weight) => weight > 0).length, 0);
    case 'completion-count':
      return batches.reduce((count, { targetClasses }) => count + targetClasses.filter(isCompletion).length, 0);
    case 'per-example':
      return batches.reduce((count, batch, b) => {
        const sums = sumsPerExample(batch, weights[b] ?? new Float64Array());
        return count + [...sums.values()].filter((sum) => sum > 0).length;
      }, 0);
  }
}

/** w = f·C / ((1−f)·P), so that w·P is the share f of w·P + C. */
function promptScaleFor(fraction: number, batches: readonly Batch[]): number {
  const weights = batches.map((batch) => batch.targetWeights);
  const sumOf = (wanted: number) => sumWhere(weights, (b, i) => batches[b]?.targetClasses[i] === wanted);
  const prompt = sumOf(TargetClass.prompt);
  return prompt === 0 ? 0 : (fraction * sumOf(TargetClass.completion)) / ((1 - fraction) * prompt);
}

function sumWhere(
  weights: readonly (Float64Array | Float32Array)[],
  counts: (batch: number, place: number) => boolean,
): number {
  let sum = 0;
  for (const [b, own] of weights.entries()) {
    for (const [i, weight] of own.entries()) if (counts(b, i)) sum += weight;
  }
  return sum;
}

function sumsPerExample({ exampleIds }: Batch, weights: Float64Array): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [i, weight] of weights.entries()) {
    const example = exampleIds[i] ?? -1;
    if (example >= 0) sums.set(example, (sums.get(example) ?? 0) + weight);
  }
  return sums;
}

function isCompletion(targetClass: number): boolean {
  return targetClass === TargetClass.completion;
}

function noWeight(): UserError {
  return new UserError({
    code: 'nothing-to-train-on',
    problem: 'A step has no target with a weight, so its loss would be 0/0.',
    fix: 'Give rows with answers to learn from, or a prompt loss weight above 0.',
  });
}
