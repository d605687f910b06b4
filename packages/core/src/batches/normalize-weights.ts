import { UserError } from '../errors.ts';
import { type Batch, isCompletion, isPrompt } from '../tokenization/example.ts';

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
 * A target that several examples share counts for each of them. Sums are kept in 64 bits.
 * @throws {UserError} `nothing-to-train-on` when the step has no weight to divide by.
 */
export function normalizeStep(batches: readonly Batch[], options: NormalizeOptions): NormalizedStep {
  const { lossNormalization, promptLossFraction } = options;
  const promptScale = promptLossFraction === undefined ? 1 : promptScaleFor(promptLossFraction, batches);
  const weights = batches.map((batch) =>
    Float64Array.from(batch.targetWeights, (weight, i) =>
      isPrompt(batch.targetClasses[i]) ? weight * promptScale : weight,
    ),
  );
  const weightSum = sumWhere(weights, () => true);
  const denominator = denominatorOf(batches, weights, lossNormalization);
  if (!(denominator > 0 && weightSum > 0)) throw noWeight();
  const normalized = batches.map((batch, b) => {
    const own = weights[b] ?? new Float64Array();
    const scaled = lossNormalization === 'per-example' ? dividedPerExample(batch, own) : own;
    return { ...batch, targetWeights: Float32Array.from(scaled, (weight) => weight / denominator) };
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
      return countTargets(batches, (b, i) => (weights[b]?.[i] ?? 0) > 0);
    case 'completion-count':
      return countTargets(batches, (b, i) => isCompletion(batches[b]?.targetClasses[i]));
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
  const sumOf = (wanted: typeof isPrompt) => sumWhere(weights, (b, i) => wanted(batches[b]?.targetClasses[i]));
  const prompt = sumOf(isPrompt);
  return prompt === 0 ? 0 : (fraction * sumOf(isCompletion)) / ((1 - fraction) * prompt);
}

function sumWhere(
  weights: readonly (Float64Array | Float32Array | Int32Array)[],
  counts: (batch: number, place: number) => boolean,
): number {
  let sum = 0;
  for (const [b, own] of weights.entries()) {
    for (const [i, weight] of own.entries()) if (counts(b, i)) sum += weight;
  }
  return sum;
}

function countTargets(batches: readonly Batch[], counts: (batch: number, place: number) => boolean): number {
  return sumWhere(
    batches.map((batch) => batch.targetCounts),
    counts,
  );
}

/** Σ of each example's weights; what is shared is dealt out in equal parts. */
function sumsPerExample({ exampleIds, targetCounts }: Batch, weights: Float64Array): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [i, weight] of weights.entries()) {
    const count = targetCounts[i] as number;
    for (let e = 0; e < count; e++) {
      const example = (exampleIds[i] as number) + e;
      sums.set(example, (sums.get(example) ?? 0) + weight / count);
    }
  }
  return sums;
}

/** Each example's weights divided by their own sum; what is shared, part by part. */
function dividedPerExample(batch: Batch, weights: Float64Array): Float64Array {
  const sums = sumsPerExample(batch, weights);
  return weights.map((weight, i) => {
    const count = batch.targetCounts[i] as number;
    let divided = 0;
    for (let e = 0; e < count; e++) divided += weight / count / (sums.get((batch.exampleIds[i] as number) + e) || 1);
    return divided;
  });
}

function noWeight(): UserError {
  return new UserError({
    code: 'nothing-to-train-on',
    problem: 'A step has no target with a weight, so its loss would be 0/0.',
    fix: 'Give rows with answers to learn from, or a prompt loss weight above 0.',
  });
}
