import { UserError } from '../errors.ts';
import { createRandom, shuffled } from '../random.ts';

export interface Split<T> {
  readonly train: T[];
  readonly evaluation: T[];
}

/** Apart from the streams of the epochs' orders. */
const SPLIT_STREAM = 0x5b117;

/**
 * Sets a share of the rows aside for evaluation: at random, decided by the seed, each part in the rows' own order.
 * @param fraction between 0 and 1; at least one row goes to each side.
 * @throws {UserError} `option-invalid` when the rows can't be split so.
 */
export function splitRows<T>(rows: readonly T[], { fraction, seed }: { fraction: number; seed: number }): Split<T> {
  if (!(fraction > 0 && fraction < 1) || rows.length < 2) {
    throw new UserError({
      code: 'option-invalid',
      problem: `${rows.length} row${rows.length === 1 ? '' : 's'} can't be split with a share of ${fraction} for evaluation.`,
      where: 'evalSplit',
      fix: 'Give a share between 0 and 1, and at least two rows; or a file of its own for evaluation.',
    });
  }
  const count = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * fraction)));
  const numbers = rows.map((_, i) => i);
  const chosen = new Set(shuffled(numbers, createRandom(seed, SPLIT_STREAM)).slice(0, count));
  return {
    train: rows.filter((_, i) => !chosen.has(i)),
    evaluation: rows.filter((_, i) => chosen.has(i)),
  };
}
