import type * as tf from '@tensorflow/tfjs-core';

/**
 * Workers that train one model together, as one of them sees it. All of them ask for the same things in the same order;
 * whoever is early waits for the others.
 */
export interface Communicator {
  /** From 0, which is the one that writes. */
  readonly rank: number;
  readonly size: number;
  /** @param own anything that can be cloned. @returns what every worker said, by rank */
  exchange<Value>(own: Value): Promise<readonly Value[]>;
  /**
   * Adds up the workers' vectors, value by value, in the order of the ranks: the same bits each time. Afterwards a worker
   * has the sum in its own part; of the others it has what it had.
   */
  sumParts(vector: tf.Tensor1D, parts: Parts): Promise<void>;
  /** Afterwards every worker has of each part what the part's own worker had there. */
  shareParts(vector: tf.Tensor1D, parts: Parts): Promise<void>;
}

/** Where the workers' parts of a vector begin, by rank, and where the last one ends: `[0, 32768, 50000]`. */
export type Parts = readonly number[];

/** One process by itself, whose part is all there is. */
export const ALONE: Communicator = {
  rank: 0,
  size: 1,
  exchange: async (own) => [own],
  async sumParts() {},
  async shareParts() {},
};

/** Another worker was asked to stop, and so all do. */
export class StoppedElsewhere extends Error {
  override readonly name = 'StoppedElsewhere';

  constructor() {
    super('Another worker was asked to stop, and all stop together.');
  }
}

/** What went wrong at the first worker, as the others hear of it. */
export class FirstFailed extends Error {
  override readonly name = 'FirstFailed';
}

/** Whether it holds for any of the workers. */
export const anyOf = async (workers: Communicator, own: boolean): Promise<boolean> =>
  (await workers.exchange(own)).includes(true);

/**
 * Work that the first worker does for all of them, while the others wait: what writes, and what decides.
 * @returns what came of it, at every worker: something that can be cloned
 * @throws what it threw; at the others a {@link FirstFailed} with its message
 */
export async function byFirst<Result>(workers: Communicator, work: () => Promise<Result>): Promise<Result> {
  const own = workers.rank === 0 ? await outcomeOf(work) : undefined;
  const told = own && ('error' in own ? { failure: messageOf(own.error) } : own);
  const [first] = await workers.exchange<{ result: Result } | { failure: string } | undefined>(told);
  if (own && 'error' in own) throw own.error;
  if (first && 'result' in first) return own ? own.result : first.result;
  throw new FirstFailed(first?.failure);
}

/** The first worker's values, in place of everybody's. */
export const shareFirst = (workers: Communicator, vector: tf.Tensor1D): Promise<void> =>
  workers.shareParts(vector, [0, ...Array<number>(workers.size).fill(vector.size)]);

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
