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
  const count = evaluationCount(rows.length, fraction);
  const numbers = rows.map((_, i) => i);
  return partition(rows, new Set(shuffled(numbers, createRandom(seed, SPLIT_STREAM)).slice(0, count)));
}

/**
 * The same, with the rows of a group on one side: of the groups, in an order that the seed decides, those are set aside
 * that still fit into the share. If none fits, the smallest is.
 * @param groupOf the group of a row: a customer, a document, an author
 * @throws {UserError} `option-invalid` when the rows can't be split so, as when all are of one group
 */
export function splitByGroup<T>(
  rows: readonly T[],
  groupOf: (row: T) => string,
  { fraction, seed }: { fraction: number; seed: number },
): Split<T> {
  const count = evaluationCount(rows.length, fraction);
  const members = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) {
    const group = members.get(groupOf(row));
    if (group) group.push(i);
    else members.set(groupOf(row), [i]);
  }
  if (members.size < 2) throw cannotSplit('All rows are of one group.', 'splitBy', 'Name another column.');
  const groups = shuffled([...members.values()], createRandom(seed, SPLIT_STREAM));
  const chosen = new Set<number>();
  const choose = (group: readonly number[]) => {
    for (const i of group) chosen.add(i);
  };
  for (const group of groups) if (chosen.size + group.length <= count) choose(group);
  if (chosen.size === 0) choose(groups.reduce((least, group) => (group.length < least.length ? group : least)));
  return partition(rows, chosen);
}

/**
 * The same, with the latest rows set aside, as a model meets what comes after its training. Rows of one time are on one
 * side, so that the share may be a little smaller (or larger, where the latest time has more rows than the share).
 * @throws {UserError} `option-invalid` when the rows can't be split so, as when all are of one time
 */
export function splitByTime<T>(rows: readonly T[], timeOf: (row: T) => number, fraction: number): Split<T> {
  const count = evaluationCount(rows.length, fraction);
  const times = rows.map(timeOf);
  const sorted = Float64Array.from(times).sort();
  const earliest = sorted[rows.length - count] as number;
  const isCut = sorted[rows.length - count - 1] === earliest;
  const later = sorted.find((time) => time > earliest);
  const border = isCut && later !== undefined ? later : earliest;
  if (sorted[0] === border) throw cannotSplit('All rows are of one time.', 'splitByTime', 'Name another column.');
  return partition(rows, new Set(times.flatMap((time, i) => (time >= border ? [i] : []))));
}

function evaluationCount(rows: number, fraction: number): number {
  if (fraction > 0 && fraction < 1 && rows >= 2) return Math.min(rows - 1, Math.max(1, Math.round(rows * fraction)));
  throw cannotSplit(
    `${rows} row${rows === 1 ? '' : 's'} can't be split with a share of ${fraction} for evaluation.`,
    'evalSplit',
    'Give a share between 0 and 1, and at least two rows; or a file of its own for evaluation.',
  );
}

const partition = <T>(rows: readonly T[], chosen: ReadonlySet<number>): Split<T> => ({
  train: rows.filter((_, i) => !chosen.has(i)),
  evaluation: rows.filter((_, i) => chosen.has(i)),
});

const cannotSplit = (problem: string, where: string, fix: string) =>
  new UserError({ code: 'option-invalid', problem, where, fix });
