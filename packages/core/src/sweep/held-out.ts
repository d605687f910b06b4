import { UserError } from '../errors.ts';
import { type EvaluationSet, pickRows } from '../evaluation/evaluation-set.ts';
import { createRandom, shuffled } from '../random.ts';
import { formatCounted } from '../report/format.ts';

/** Rows that nothing is trained on, each for one purpose. */
export interface HeldOutParts<Row> {
  /** To find learning rates on, where they are tuned. */
  readonly tuning: EvaluationSet<Row> | undefined;
  /** To choose a weight on. */
  readonly validation: EvaluationSet<Row>;
  /** To report on: they decide nothing. */
  readonly test: EvaluationSet<Row>;
}

/** Apart from the streams of split and sample. */
const PART_STREAM = 0x9a27;

/**
 * Parts of equal size, the same ones for one seed of the split. Rows of a group are in one part, so that what a weight was
 * chosen by is no part of what it is reported on.
 * @throws {UserError} `option-invalid` where there are too few rows, or fewer groups than parts
 */
export function partsOf<Row>(
  heldOut: EvaluationSet<Row>,
  { splitSeed, tuned }: { readonly splitSeed: number; readonly tuned: boolean },
): HeldOutParts<Row> {
  const { rows } = heldOut;
  const parts: number[][] = Array.from({ length: tuned ? 3 : 2 }, () => []);
  const units = unitsOf(heldOut);
  if (rows.length < 2 * parts.length || units.length < parts.length) {
    const ofGroups = units.length < rows.length ? ` of ${formatCounted(units.length, 'group')}` : '';
    throw new UserError({
      code: 'option-invalid',
      problem: `${rows.length} rows${ofGroups} are held out, too few to choose a weight on some and to report on others.`,
      where: 'option evalSplit',
      fix: 'Hold out more: some hundreds of rows tell small differences apart.',
    });
  }
  for (const unit of shuffled(units, createRandom(splitSeed, PART_STREAM))) {
    parts.reduce((least, part) => (part.length < least.length ? part : least)).push(...unit);
  }
  const [test, validation, tuning] = parts.map((part) =>
    pickRows(
      heldOut,
      part.sort((a, b) => a - b),
    ),
  );
  return { test: test as EvaluationSet<Row>, validation: validation as EvaluationSet<Row>, tuning };
}

/** What stays together: rows of a group, otherwise each row by itself. */
function unitsOf<Row>({ rows, groups }: EvaluationSet<Row>): number[][] {
  if (!groups) return rows.map((_, i) => [i]);
  const members = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) members.set(group, [...(members.get(group) ?? []), i]);
  return [...members.values()];
}
