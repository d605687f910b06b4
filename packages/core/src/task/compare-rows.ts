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

/** Rows that are nearly the same, where an option asks for them: all rows are read a first time then. */
export async function nearDuplicates<Row>(
  { recipe, training, signal }: Task<Row>,
  readRows: () => AsyncIterable<SourceRow>,
  evalData: OpenedData | undefined,
): Promise<NearDuplicates | undefined> {
  const { duplicates, leakage } = training;
  if (!duplicates.endsWith('near') && !leakage.endsWith('near')) return undefined;
  const shinglesIn = (source: SourceRow): Uint32Array => {
    try {
      return shinglesOf(exampleWords(renderSourceRow(source, parseSourceRow(source, recipe), recipe)));
    } catch (error) {
      // Who reads the rows to train on them tells of it, or leaves it out.
      if (!isOfARow(error)) throw error;
      return new Uint32Array();
    }
  };
  const shinglesOfAll = async (sources: AsyncIterable<SourceRow>): Promise<Uint32Array[]> => {
    const rows: Uint32Array[] = [];
    for await (const source of sources) {
      rows.push(shinglesIn(source));
    }
    return rows;
  };
  const evaluation = evalData === undefined ? [] : await shinglesOfAll(streamRows(evalData, signal));
  return findNearDuplicates(await shinglesOfAll(readRows()), evaluation, {
    dropsInEvaluation: leakage === 'drop-near',
    signal,
  });
}
