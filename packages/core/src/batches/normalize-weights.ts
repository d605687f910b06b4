import { UserError } from '../errors.ts';
import { type Batch, isCompletion, isPrompt } from '../tokenization/example.ts';
import { promptScale } from './loss-weights.ts';

/** What the weighted loss of an optimizer step is divided by. */
export type LossNormalization = 'weight-sum' | 'token-count' | 'completion-count' | 'per-example';

export interface NormalizeOptions {
  readonly lossNormalization: LossNormalization;
  /** f: the share of the total weight of prompt and completion that the prompt makes up, whatever its weights are. */
  readonly promptLossFraction?: number | undefined;
}

export interface NormalizedStep {
  /** The same micro-batches with target weights already divided: their weighted losses add up to the step's loss. */
  readonly batches: Batch[];
  /** Σ w over the step's targets, before the division. */
  readonly weightSum: number;
  /** D, below. */
  readonly denominator: number;
}

/**
 * The loss of an optimizer step, over the targets t of all its micro-batches, so that it does not depend on how examples
 * are dealt out to them. ℓ_t = −log p(t | what stands before it), in nats:
 *
 *     L = Σ w_t · ℓ_t / D        w_t = base weight of t's role × of its segment × of its row, r      (loss-weights.ts)
 *
 *     promptLossFraction f       w_t × f·C / ((1−f)·P) where t is the prompt's: P = Σ w_t of the prompt, C of the
 *                                completion, so that the prompt makes up the share f of the two
 *     weight-sum                 D = Σ w_t
 *     token-count                D = number of targets with w_t > 0
 *     completion-count           D = number of the completion's targets with w_t > 0
 *     per-example                D = Σ r_e over the examples e with a weight, and in place of w_t, in each of them,
 *                                r_e · w_t / Σ w_u over the targets u of e: the mean of each example, these weighted by r
 *
 * A target that several examples share counts for each of them. What comes back are the w_t / D: every micro-batch is a
 * plain weighted sum after that (`training/loss/`). Sums are kept in 64 bits.
 * @throws {UserError} `row-invalid` for weights beyond f32; `nothing-to-train-on` when the step has no weight to divide by, not for examples that
 * `hasLoss` found to have one by themselves
 */
export function normalizeStep(batches: readonly Batch[], options: NormalizeOptions): NormalizedStep {
  const { lossNormalization, promptLossFraction } = options;
  const scale = promptLossFraction === undefined ? 1 : promptScale(promptLossFraction, weightSumsOf(batches));
  const weights = batches.map((batch) =>
    Float64Array.from(batch.targetWeights, (weight, i) => (isPrompt(batch.targetRoles[i]) ? weight * scale : weight)),
  );
  const weightSum = sumWhere(weights, () => true);
  const denominator = denominatorOf(batches, weights, lossNormalization);
  if (!(denominator > 0 && weightSum > 0)) throw noWeight();
  if (!Number.isFinite(weightSum)) throw tooMuchWeight();
  const normalized = batches.map((batch, b) => {
    const own = weights[b] ?? new Float64Array();
    const scaled = lossNormalization === 'per-example' ? dividedPerExample(batch, own) : own;
    return { ...batch, targetWeights: Float32Array.from(scaled, (weight) => weight / denominator) };
  });
  return { batches: normalized, weightSum, denominator };
}

/** Whether a step has a loss, whatever else is in it, when it holds an example whose weights have these sums. */
export const hasLoss = (
  sums: { readonly completion: number; readonly all: number },
  { lossNormalization, promptLossFraction }: NormalizeOptions,
): boolean =>
  // A share of nothing is nothing: without a completion the prompt weighs 0 too.
  promptLossFraction !== undefined || lossNormalization === 'completion-count' ? sums.completion > 0 : sums.all > 0;

function denominatorOf(
  batches: readonly Batch[],
  weights: readonly Float64Array[],
  lossNormalization: LossNormalization,
): number {
  const hasWeight = (b: number, i: number) => (weights[b]?.[i] ?? 0) > 0;
  switch (lossNormalization) {
    case 'weight-sum':
      return sumWhere(weights, () => true);
    case 'token-count':
      return countTargets(batches, hasWeight);
    case 'completion-count':
      return countTargets(batches, (b, i) => isCompletion(batches[b]?.targetRoles[i]) && hasWeight(b, i));
    case 'per-example':
      return batches.reduce((count, batch, b) => {
        for (const [example, sum] of sumsPerExample(batch, weights[b] ?? new Float64Array())) {
          if (sum > 0) count += batch.rowWeights[example] as number;
        }
        return count;
      }, 0);
  }
}

/** Sums P of the prompt's weights and C of the completion's. */
function weightSumsOf(batches: readonly Batch[]): { prompt: number; completion: number } {
  const weights = batches.map((batch) => batch.targetWeights);
  const sumOf = (wanted: typeof isPrompt) => sumWhere(weights, (b, i) => wanted(batches[b]?.targetRoles[i]));
  return { prompt: sumOf(isPrompt), completion: sumOf(isCompletion) };
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

/** Each example's weights divided by their own sum, times the row's weight; what is shared, part by part. */
function dividedPerExample(batch: Batch, weights: Float64Array): Float64Array {
  const sums = sumsPerExample(batch, weights);
  return weights.map((weight, i) => {
    const count = batch.targetCounts[i] as number;
    let divided = 0;
    for (let e = 0; e < count; e++) {
      const example = (batch.exampleIds[i] as number) + e;
      divided += ((weight / count) * (batch.rowWeights[example] as number)) / (sums.get(example) || 1);
    }
    return divided;
  });
}

function tooMuchWeight(): UserError {
  return new UserError({
    code: 'row-invalid',
    problem: 'The weights of a step add up to more than a number holds.',
    fix: 'Give rows and segments smaller weights: only how they compare with each other counts.',
  });
}

function noWeight(): UserError {
  return new UserError({
    code: 'nothing-to-train-on',
    problem: 'A step has no target with a weight, so its loss would be 0/0.',
    fix: 'Give rows with answers to learn from, or a prompt loss weight above 0.',
  });
}
