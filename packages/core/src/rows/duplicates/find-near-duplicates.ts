import { breather, type Steps, withBreaths } from '../../abort.ts';
import { createNearIndex } from './near-index.ts';
import { mix } from './shingles.ts';

/** Which rows say nearly what another one says. */
export interface NearDuplicates {
  /** Of each training row the first one that it is nearly equal to and that is kept; −1 where there is none. */
  readonly earlier: Int32Array;
  /** Of each training row whether a row to evaluate on is nearly equal to it: 1 or 0. */
  readonly inEvaluation: Uint8Array;
}

/**
 * What more than 1 % of the rows say, and more than 20 of them, is taken for the words of a template or an instruction:
 * it makes no two rows alike.
 */
const COMMON_SHARE = 0.01;
const COMMON_ROWS = 20;

/**
 * Compares rows by the shingles they do not owe to a template. A row counts as a duplicate of the first row of its kind:
 * rows that are duplicates themselves are nobody's pattern, so that no chain leads from one text to quite another.
 * @param training of each row its shingles, equal rows and all
 * @param options `dropsInEvaluation`: whether training rows like one to evaluate on are left out, and so are no pattern either
 * @throws the reason of an abort
 */
export async function findNearDuplicates(
  training: readonly Uint32Array[],
  evaluation: readonly Uint32Array[],
  { dropsInEvaluation, signal }: { readonly dropsInEvaluation: boolean; readonly signal?: AbortSignal | undefined },
): Promise<NearDuplicates> {
  const breathe = breather(signal);
  const own = await withBreaths(withoutCommon([...evaluation, ...training]), breathe);
  const toEvaluate = createNearIndex();
  for (let i = 0; i < evaluation.length; i++) {
    await breathe();
    toEvaluate.add(i, own(i));
  }
  const kept = createNearIndex();
  const earlier = new Int32Array(training.length).fill(-1);
  const inEvaluation = new Uint8Array(training.length);
  for (let i = 0; i < training.length; i++) {
    await breathe();
    const shingles = own(evaluation.length + i);
    if (toEvaluate.find(shingles) !== undefined) inEvaluation[i] = 1;
    if (dropsInEvaluation && inEvaluation[i]) continue;
    earlier[i] = kept.find(shingles) ?? -1;
    if (earlier[i] === -1) kept.add(i, shingles);
  }
  return { earlier, inEvaluation };
}

/** The shingles of a row that few rows have. */
function* withoutCommon(rows: readonly Uint32Array[]): Steps<(row: number) => Uint32Array> {
  const seen = new Set<string>();
  // A table without keys: shingles that share a place make it a little too full, at most.
  const table = new Uint16Array(2 ** 23);
  const place = (shingle: number) => shingle & (table.length - 1);
  for (const shingles of rows) {
    yield;
    const name = nameOf(shingles);
    if (seen.has(name)) continue;
    seen.add(name);
    for (const shingle of shingles) {
      const count = table[place(shingle)] as number;
      if (count < 0xffff) table[place(shingle)] = count + 1;
    }
  }
  const most = Math.min(0xfffe, Math.max(COMMON_ROWS, COMMON_SHARE * seen.size));
  return (row) => (rows[row] as Uint32Array).filter((shingle) => (table[place(shingle)] as number) <= most);
}

/** Equal for rows that say the same: many copies of one row are no template. */
const nameOf = (shingles: Uint32Array): string =>
  `${shingles.length} ${shingles.reduce((sum, one) => (sum + one) % 2 ** 48, 0)} ${shingles.reduce((hash, one) => mix(Math.imul(hash, 31) ^ one), 7)}`;
