import { UserError } from '../errors.ts';
import { type EvaluationSet, pickRows } from '../evaluation/evaluation-set.ts';
import { createRandom, shuffled } from '../random.ts';

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
 * Parts of equal size, the same ones for one seed of the split.
 * @throws {UserError} `option-invalid` where there are fewer rows than parts
 */
export function partsOf<Row>(
  heldOut: EvaluationSet<Row>,
  { splitSeed, tuned }: { readonly splitSeed: number; readonly tuned: boolean },
): HeldOutParts<Row> {
  const { rows } = heldOut;
  const parts = tuned ? 3 : 2;
  if (rows.length < 2 * parts) {
    throw new UserError({
      code: 'option-invalid',
      problem: `${rows.length} rows are held out, too few to choose a weight on some and to report on others.`,
      where: 'option evalSplit',
      fix: 'Hold out more: some hundreds of rows tell small differences apart.',
    });
  }
  const order = shuffled(
    rows.map((_, i) => i),
    createRandom(splitSeed, PART_STREAM),
  );
  const part = (number: number): EvaluationSet<Row> => {
    const chosen = order.filter((_, place) => place % parts === number).sort((a, b) => a - b);
    return pickRows(heldOut, chosen);
  };
  return { test: part(0), validation: part(1), tuning: tuned ? part(2) : undefined };
}
