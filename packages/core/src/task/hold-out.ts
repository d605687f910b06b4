import { type Split, splitByGroup, splitByTime, splitRows } from '../batches/split.ts';
import { UserError } from '../errors.ts';
import { columnText, columnTime } from '../rows/column.ts';
import type { SourceRow } from '../rows/source-row.ts';
import type { TrainingOptions } from '../training/options.ts';

type SplitOptions = Pick<TrainingOptions, 'splitSeed' | 'splitBy' | 'splitByTime'>;

/** What decides on which side of the split a row is, by number of the example; kept as rows pass by. */
export interface HoldOut {
  /** @throws {UserError} `row-invalid` where the column that decides says nothing */
  check(source: SourceRow): void;
  see(source: SourceRow): void;
  /** The numbers of the examples on each side. */
  split(fraction: number): Split<number>;
  /** What examples are of, by number, where they are held out by groups. */
  groupsOf(numbers: readonly number[]): readonly string[] | undefined;
}

/** Which of the examples are held out: by a column of their rows, where one is named, else at random. */
export function holdOut({ splitSeed: seed, splitBy, splitByTime: timeColumn }: SplitOptions): HoldOut {
  let count = 0;
  const groups: string[] = [];
  const times: number[] = [];
  return {
    check(source) {
      if (splitBy !== undefined) columnText(source, splitBy, 'splitBy');
      if (timeColumn !== undefined) columnTime(source, timeColumn, 'splitByTime');
    },
    see(source) {
      count++;
      if (splitBy !== undefined) groups.push(columnText(source, splitBy, 'splitBy'));
      if (timeColumn !== undefined) times.push(columnTime(source, timeColumn, 'splitByTime'));
    },
    split(fraction) {
      const numbers = Array.from({ length: count }, (_, i) => i);
      if (splitBy !== undefined) return splitByGroup(numbers, (i) => groups[i] as string, { fraction, seed });
      if (timeColumn !== undefined) return splitByTime(numbers, (i) => times[i] as number, fraction);
      return splitRows(numbers, { fraction, seed });
    },
    groupsOf: (numbers) => (splitBy === undefined ? undefined : numbers.map((i) => groups[i] as string)),
  };
}

/** @throws {UserError} `option-invalid` for a column to split by where nothing is split */
export function assertSplit({ splitBy, splitByTime }: SplitOptions, evalSplit: number | undefined): void {
  const option = splitBy !== undefined ? 'splitBy' : splitByTime !== undefined ? 'splitByTime' : undefined;
  if (option === undefined || evalSplit !== undefined) return;
  throw new UserError({
    code: 'option-invalid',
    problem: `Option ${option} says how rows are held out, and none are.`,
    where: `option ${option}`,
    fix: 'Give evalSplit too, the share to hold out, or leave it out.',
  });
}
