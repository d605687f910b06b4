import { type Communicator, StoppedElsewhere } from './communicator.ts';
import { addSums, isFiniteLoss, type LossSums, NO_LOSS } from './loss/loss-sums.ts';

/** A step's micro-batches among workers: which are whose, and the losses of all. */

/** A worker's part of a step's micro-batches, each with its number: dealt like cards, so that a short step is dealt evenly. */
export const dealt = <Item>(items: readonly Item[], { rank, size }: Communicator): (readonly [number, Item])[] =>
  [...items.entries()].filter(([i]) => i % size === rank);

/** What a worker tells of its part of a step. */
export interface OwnLosses {
  /** By the numbers of its micro-batches. */
  readonly losses: readonly (readonly [microBatch: number, LossSums])[];
  /** It was asked to stop, and has left the step. */
  readonly hasLeft: boolean;
}

export interface StepLosses {
  readonly sums: LossSums;
  /** The first micro-batch at which the sums were no longer finite. */
  readonly nonFiniteAt: number | undefined;
}

/**
 * The losses of all workers, added up in the order of the micro-batches, so that the sums do not depend on how many
 * workers there are.
 * @throws {StoppedElsewhere} where any of them has left the step: then all leave it
 */
export async function joinLosses(own: OwnLosses, workers: Communicator): Promise<StepLosses> {
  const parts = await workers.exchange(own);
  if (parts.some(({ hasLeft }) => hasLeft)) throw new StoppedElsewhere();
  const all = parts.flatMap(({ losses }) => losses).sort(([a], [b]) => a - b);
  let sums = NO_LOSS;
  for (const [microBatch, losses] of all) {
    sums = addSums(sums, losses);
    if (!isFiniteLoss(sums)) return { sums, nonFiniteAt: microBatch };
  }
  return { sums, nonFiniteAt: undefined };
}
