import type { LossNormalization } from '../batches/normalize-weights.ts';
import { type Batch, isCompletion, isPrompt, type WeightedExample } from '../tokenization/example.ts';

/**
 * The loss as it is defined, without batches, padding and packing: what everything else is held against. Written apart
 * from `batches/`, for one token after the other, so that a mistake there is not made here as well.
 */

/** The weight of a token as a target, before it is divided. */
export type WeightOf = (example: WeightedExample, i: number) => number;

export interface DefinedLossOptions {
  readonly lossNormalization: LossNormalization;
  readonly promptLossFraction?: number | undefined;
}

/**
 * w/D of every target, from the second token on, of each example of a step (`batches/normalize-weights.ts` has the
 * formulas); all 0 where the step has no weight.
 */
export function definedWeights(
  examples: readonly WeightedExample[],
  weightOf: WeightOf,
  { lossNormalization, promptLossFraction }: DefinedLossOptions,
): Float64Array[] {
  const given = examples.map((example) => targetsOf(example).map((i) => weightOf(example, i)));
  const roleAt = (e: number, t: number) => examples[e]?.roles[t + 1];
  const sumOf = (counts: (e: number, t: number, weight: number) => number, weights = given): number =>
    weights.reduce((sum, own, e) => own.reduce((rest, weight, t) => rest + counts(e, t, weight), sum), 0);
  const prompt = sumOf((e, t, weight) => (isPrompt(roleAt(e, t)) ? weight : 0));
  const completion = sumOf((e, t, weight) => (isCompletion(roleAt(e, t)) ? weight : 0));
  const f = promptLossFraction;
  const scale = f === undefined ? 1 : prompt === 0 ? 0 : (f * completion) / ((1 - f) * prompt);
  const weights = given.map((own, e) => own.map((weight, t) => (isPrompt(roleAt(e, t)) ? weight * scale : weight)));
  const ofExample = weights.map((own) => own.reduce((sum, weight) => sum + weight, 0));
  const rowWeight = (e: number) => examples[e]?.rowWeight ?? 1;
  const divisors: Readonly<Record<LossNormalization, () => number>> = {
    'weight-sum': () => sumOf((_, __, weight) => weight, weights),
    'token-count': () => sumOf((_, __, weight) => (weight > 0 ? 1 : 0), weights),
    'completion-count': () => sumOf((e, t, weight) => (weight > 0 && isCompletion(roleAt(e, t)) ? 1 : 0), weights),
    'per-example': () => ofExample.reduce((sum, own, e) => sum + (own > 0 ? rowWeight(e) : 0), 0),
  };
  const divisor = divisors[lossNormalization]();
  const share = (e: number) => (lossNormalization === 'per-example' ? rowWeight(e) / (ofExample[e] || 1) : 1);
  return weights.map((own, e) => Float64Array.from(own, (weight) => (divisor > 0 ? (share(e) * weight) / divisor : 0)));
}

/** Numbers of the tokens that are predicted: all but the first. */
const targetsOf = ({ ids }: WeightedExample): number[] =>
  Array.from({ length: Math.max(0, ids.length - 1) }, (_, t) => t + 1);

/** An example by itself: nothing stands beside it, and nothing after it. */
export function aloneBatch({ ids, roles, rowWeight }: WeightedExample, weights: ArrayLike<number>): Batch {
  const length = ids.length - 1;
  return {
    rows: 1,
    length,
    inputIds: ids.slice(0, length),
    targetIds: ids.slice(1),
    targetWeights: Float32Array.from(weights),
    targetRoles: roles.slice(1),
    targetCounts: new Int32Array(length).fill(1),
    positions: Int32Array.from({ length }, (_, i) => i),
    exampleIds: new Int32Array(length),
    rowWeights: Float64Array.of(rowWeight),
    tokens: ids.length,
  };
}
