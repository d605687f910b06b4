import type { Split } from '../batches/split.ts';
import { UserError } from '../errors.ts';
import { exampleWords } from '../rows/duplicates/example-text.ts';
import { findNearDuplicates, type NearDuplicates } from '../rows/duplicates/find-near-duplicates.ts';
import type { RowScreen } from '../rows/duplicates/row-screen.ts';
import { shinglesOf } from '../rows/duplicates/shingles.ts';
import { isOfARow } from '../rows/invalid-rows.ts';
import type { OpenedData } from '../rows/open-data.ts';
import { parseSourceRow, renderSourceRow } from '../rows/parse-rows.ts';
import { streamRows } from '../rows/read-rows.ts';
import type { SourceRow } from '../rows/source-row.ts';
import type { Task } from './open-task.ts';

/** The examples to train on of a split, by number, without those that say what one to evaluate on says. */
export function withoutEvaluated(
  { train, evaluation }: Split<number>,
  numbers: readonly number[],
  screen: RowScreen,
): readonly number[] {
  const rowOf = (i: number) => numbers[i] as number;
  const apart = new Set(screen.apart(train.map(rowOf), evaluation.map(rowOf)));
  const left = train.filter((i) => apart.has(rowOf(i)));
  if (left.length > 0) return left;
  throw new UserError({
    code: 'nothing-to-train-on',
    problem: 'Every row to train on says what a row to evaluate on says.',
    where: 'option leakage',
    fix: 'Drop duplicates too, so that each is there once before the rows are split.',
  });
}

/**
 * So many rows are looked at whether an option asks for it or not: that takes less than a second, and who does not know
 * of doubles does not ask.
 */
const LOOKED_AT = 20_000;

/**
 * Rows that are nearly the same: all rows are read a first time for them. Undefined where there are more than a few, and no
 * option asks.
 */
export async function nearDuplicates<Row>(
  { recipe, training, signal }: Task<Row>,
  readRows: () => AsyncIterable<SourceRow>,
  evalData: OpenedData | undefined,
): Promise<NearDuplicates | undefined> {
  const { duplicates, leakage } = training;
  const most = duplicates.endsWith('near') || leakage.endsWith('near') ? Number.POSITIVE_INFINITY : LOOKED_AT;
  const shinglesIn = (source: SourceRow): Uint32Array => {
    try {
      return shinglesOf(exampleWords(renderSourceRow(source, parseSourceRow(source, recipe), recipe)));
    } catch (error) {
      // Who reads the rows to train on them tells of it, or leaves it out.
      if (!isOfARow(error)) throw error;
      return new Uint32Array();
    }
  };
  const shinglesOfAll = async (sources: AsyncIterable<SourceRow>): Promise<Uint32Array[] | undefined> => {
    const rows: Uint32Array[] = [];
    for await (const source of sources) {
      if (rows.length === most) return undefined;
      rows.push(shinglesIn(source));
    }
    return rows;
  };
  const evaluation = evalData === undefined ? [] : await shinglesOfAll(streamRows(evalData, signal));
  const rows = evaluation && (await shinglesOfAll(readRows()));
  if (!rows) return undefined;
  return findNearDuplicates(rows, evaluation, {
    dropsInEvaluation: leakage === 'drop-near',
    signal,
  });
}
