import type { RenderedExample } from '../../recipe/recipe.ts';
import type { TrainingOptions } from '../../training/options.ts';
import type { DuplicateCounts, ScreenDropReason } from './duplicate-counts.ts';
import { exampleKey } from './example-text.ts';
import type { NearDuplicates } from './find-near-duplicates.ts';

/** Looks at all rows as they pass by, those to evaluate on first. */
export interface RowScreen {
  /** Rows to evaluate on are all kept. */
  seeEvaluation(rendered: RenderedExample): undefined;
  /** @returns why the training row with this number is left out, if it is */
  see(number: number, rendered: RenderedExample): ScreenDropReason | undefined;
  /** Of training rows, by number, those that may be trained on when the others are evaluated on. */
  apart(train: readonly number[], evaluation: readonly number[]): readonly number[];
  counts(): DuplicateCounts;
}

/** @param near which rows are nearly equal, where that was asked */
export function createRowScreen(
  { duplicates, leakage }: Pick<TrainingOptions, 'duplicates' | 'leakage'>,
  near: NearDuplicates | undefined,
): RowScreen {
  const firsts = new Map<string, number>();
  const evaluationKeys = new Set<string>();
  /** Of each row, by number, the first that says the same, and the first that nearly does. */
  const same: number[] = [];
  const alike: number[] = [];
  const found = { exact: 0, near: 0, inEvaluation: { exact: 0, near: 0, dropped: 0 } };
  /** Counts a training row that is evaluated on too. @returns whether it is to be left out */
  const leaks = (kind: 'exact' | 'near'): boolean => {
    found.inEvaluation[kind]++;
    const drops = leakage === 'drop-near' || (leakage === 'drop' && kind === 'exact');
    if (drops) found.inEvaluation.dropped++;
    return drops;
  };
  return {
    seeEvaluation(rendered) {
      evaluationKeys.add(exampleKey(rendered));
      return undefined;
    },
    see(number, rendered) {
      const key = exampleKey(rendered);
      const first = firsts.get(key);
      const earlier = near?.earlier[number] ?? -1;
      if (first === undefined) firsts.set(key, number);
      same[number] = first ?? number;
      alike[number] = alike[first ?? earlier] ?? number;
      if (evaluationKeys.has(key) && leaks('exact')) return 'in-evaluation';
      if (!evaluationKeys.has(key) && near?.inEvaluation[number] && leaks('near')) return 'in-evaluation';
      if (first !== undefined) {
        found.exact++;
        return duplicates === 'drop' || duplicates === 'drop-near' ? 'duplicate' : undefined;
      }
      if (earlier < 0) return undefined;
      found.near++;
      return duplicates === 'drop-near' ? 'near-duplicate' : undefined;
    },
    apart(train, evaluation) {
      const [theSame, theLike] = [same, alike].map((of) => new Set(evaluation.map((i) => of[i])));
      return train.filter((i) => {
        if (theSame?.has(same[i])) return !leaks('exact');
        return !(theLike?.has(alike[i]) && leaks('near'));
      });
    },
    counts() {
      const { near: nearInEvaluation, ...inEvaluation } = found.inEvaluation;
      if (!near) return { exact: found.exact, inEvaluation };
      return { exact: found.exact, near: found.near, inEvaluation: { ...inEvaluation, near: nearInEvaluation } };
    },
  };
}
