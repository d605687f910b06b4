import { createRandom, shuffled } from '../random.ts';

export interface EpochOrderOptions {
  /** Length of each example in tokens; their number is the number of examples. */
  readonly lengths: readonly number[];
  /** Examples in a micro-batch. */
  readonly batchSize: number;
  readonly seed: number;
  /** 0, 1, 2 …; each epoch has an order of its own. */
  readonly epoch: number;
  /** False keeps the order of the rows. */
  readonly shuffle: boolean;
}

/** Batches among which examples are sorted by length: more means less padding, fewer means more chance. */
const BATCHES_PER_GROUP = 50;

/**
 * The examples of an epoch, by number, as micro-batches. Shuffled, then sorted by length within groups of 50 batches,
 * so that a batch holds examples of similar length and little is padding; then the batches are shuffled. A batch that
 * is not full comes last.
 */
export function lengthGroupedBatches({ lengths, batchSize, seed, epoch, shuffle }: EpochOrderOptions): number[][] {
  const rows = lengths.map((_, i) => i);
  if (!shuffle) return chunks(rows, batchSize);
  const random = createRandom(seed, epoch);
  const batches = chunks(shuffled(rows, random), batchSize * BATCHES_PER_GROUP).flatMap((group) =>
    chunks(
      group.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0)),
      batchSize,
    ),
  );
  const rest = batches.at(-1)?.length === batchSize ? [] : batches.slice(-1);
  return [...shuffled(batches.slice(0, batches.length - rest.length), random), ...rest];
}

/** Consecutive items, so many at a time; the last ones may be fewer. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < items.length; i += size) result.push(items.slice(i, i + size));
  return result;
}
