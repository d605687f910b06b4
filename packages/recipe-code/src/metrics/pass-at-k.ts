import type { Metric, Prediction } from '@counterweight/core/recipe';
import type { Judge } from '../judge.ts';
import type { CodeRow } from '../row.ts';

/**
 * The chance that at least one of k outputs passes, estimated without bias from n outputs of which c pass:
 * 1 − C(n−c, k) / C(n, k) = 1 − ∏ (1 − k/i) for i from n−c+1 to n; 1 when fewer than k fail.
 * Chen et al. 2021, "Evaluating Large Language Models Trained on Code" (arXiv 2107.03374), as openai/human-eval does.
 * @throws {RangeError} unless 0 ≤ c ≤ n and 1 ≤ k ≤ n, in whole numbers
 */
export function passAtK(n: number, c: number, k: number): number {
  if (![n, c, k].every(Number.isInteger) || c < 0 || c > n || k < 1 || k > n) {
    throw new RangeError(`pass@${k} is not defined for ${c} of ${n} outputs that pass`);
  }
  if (n - c < k) return 1;
  let allFail = 1;
  for (let i = n - c + 1; i <= n; i++) allFail *= 1 - k / i;
  return 1 - allFail;
}

/**
 * The mean of `passAtK` over the rows that have tests. Not a number, and so not reported, if there is no such row or one
 * of them has fewer outputs than k.
 */
export function passAtKMetric(k: number, judge: Judge, ready: () => Promise<void>): Metric<CodeRow> {
  return {
    name: `passAt${k}`,
    direction: 'higher-is-better',
    definition:
      `The chance that at least one of ${k} outputs passes its row's tests, mean over the rows that have tests: the ` +
      'unbiased estimator 1 − ∏_{i=n−c+1..n} (1 − k/i), 1 if n−c < k (openai/human-eval). Not reported if a row has ' +
      `fewer than ${k} outputs. An output passes when its tests have checked something, every test has run to its end ` +
      'and no check has failed; an improvement must differ from the code it improves; tests must pass with the code and ' +
      'fail with every fault.',
    ready,
    async compute(predictions, onProgress) {
      const rows = countOutputs(predictions.filter(({ row }) => judge.canJudge(row)));
      if (rows.length === 0 || rows.some(({ texts }) => texts.length < k)) return Number.NaN;
      let done = 0;
      const of = rows.reduce((sum, { texts }) => sum + texts.length, 0);
      const passes = async (row: CodeRow, text: string) => {
        const passed = (await judge.verdict(row, text)) === 'passed';
        done += 1;
        onProgress?.(done, of);
        return passed;
      };
      const estimates = rows.map(async ({ row, texts }) => {
        const passed = await Promise.all(texts.map((text) => passes(row, text)));
        return passAtK(texts.length, passed.filter(Boolean).length, k);
      });
      return (await Promise.all(estimates)).reduce((sum, estimate) => sum + estimate, 0) / rows.length;
    },
    // Of a single output there is pass@1 only; the judge has run it already.
    ...(k === 1 && {
      perRow: async ({ row, text }: Prediction<CodeRow>) =>
        judge.canJudge(row) ? Number((await judge.verdict(row, text)) === 'passed') : Number.NaN,
    }),
  };
}

/** Outputs of one row follow each other with the very same row object. */
function countOutputs(predictions: readonly Prediction<CodeRow>[]): { row: CodeRow; texts: string[] }[] {
  const rows: { row: CodeRow; texts: string[] }[] = [];
  for (const { row, text } of predictions) {
    const last = rows.at(-1);
    if (last?.row === row) last.texts.push(text);
    else rows.push({ row, texts: [text] });
  }
  return rows;
}
