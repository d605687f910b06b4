import { type Batch, TargetClass } from '../data/example.ts';
import type { Targets } from './vocabulary-loss.ts';

/** Sums over targets, in f64; nats. Sums travel between micro-batches, means are made once at the end. */
export interface LossSums {
  /** Σ weight · loss, with the weights of the batch as they came (divided by the step's denominator or not). */
  readonly weighted: number;
  readonly weight: number;
  readonly prompt: number;
  readonly promptTargets: number;
  readonly completion: number;
  readonly completionTargets: number;
}

export const NO_LOSS: LossSums = {
  weighted: 0,
  weight: 0,
  prompt: 0,
  promptTargets: 0,
  completion: 0,
  completionTargets: 0,
};

/** A target that several examples share counts for each. @param losses of `targets.weighted`, then of `targets.observed` */
export function sumLosses(losses: ArrayLike<number>, batch: Batch, { weighted, observed }: Targets): LossSums {
  const sums = { ...NO_LOSS };
  for (let i = 0; i < losses.length; i++) {
    const target = (i < weighted.length ? weighted[i] : observed[i - weighted.length]) as number;
    const loss = losses[i] as number;
    const weight = batch.targetWeights[target] as number;
    const count = batch.targetCounts[target] as number;
    sums.weighted += weight * loss;
    sums.weight += weight;
    if (batch.targetClasses[target] === TargetClass.prompt) {
      sums.prompt += count * loss;
      sums.promptTargets += count;
    } else if (batch.targetClasses[target] === TargetClass.completion) {
      sums.completion += count * loss;
      sums.completionTargets += count;
    }
  }
  return sums;
}

export function addSums(a: LossSums, b: LossSums): LossSums {
  return {
    weighted: a.weighted + b.weighted,
    weight: a.weight + b.weight,
    prompt: a.prompt + b.prompt,
    promptTargets: a.promptTargets + b.promptTargets,
    completion: a.completion + b.completion,
    completionTargets: a.completionTargets + b.completionTargets,
  };
}

/** Mean losses of prompt and completion; null where there was no such target. */
export function meanLosses(sums: LossSums): { promptLoss: number | null; completionLoss: number | null } {
  return {
    promptLoss: sums.promptTargets > 0 ? sums.prompt / sums.promptTargets : null,
    completionLoss: sums.completionTargets > 0 ? sums.completion / sums.completionTargets : null,
  };
}
