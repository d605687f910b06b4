import type { Evaluation } from '../../evaluation/evaluation.ts';
import type { Difference } from '../check.ts';
import { compareLosses } from '../figures.ts';

const LOSSES = ['loss', 'promptLoss', 'completionLoss'] as const;

/**
 * An evaluation beside the same once more: rows and tokens, losses, then what was generated and its metrics. Losses that
 * differ in their last bits come from another processor or engine; there, of two tokens that are as likely, the other
 * may have been written in one of the outputs.
 */
export function compareEvaluations(logged: Evaluation, again: Evaluation): Difference[] {
  const losses = LOSSES.flatMap((name) => {
    const [before, now] = [logged[name], again[name]];
    return before === null && now === null ? [] : [compareLosses(name, before ?? Number.NaN, now ?? Number.NaN)];
  });
  const isSame = losses.every(({ difference }) => difference === 0);
  const outputs = again.outputs ?? 0;
  const either = isSame || outputs === 0 ? 0 : 1;
  const [surely, surelyAgain] = [logged.standardErrors ?? {}, again.standardErrors ?? {}];
  return [
    compareCounts('rows', logged.rows, again.rows),
    compareCounts('tokens', logged.tokens, again.tokens),
    ...losses,
    comparePerplexities(logged, again),
    compareCounts('outputs', logged.outputs ?? 0, outputs),
    compareCounts('cutOutputs', logged.cutOutputs ?? 0, again.cutOutputs ?? 0, either),
    ...namesIn(logged.metrics, again.metrics).map((name) =>
      compareMetrics(name, logged.metrics[name], again.metrics[name], outputs === 0 ? 0 : either / outputs),
    ),
    // One output more that is right moves them by less than it moves the metric. Logs of earlier versions have none.
    ...namesIn(surely).map((name) =>
      compareMetrics(
        `standard error of ${name}`,
        surely[name],
        surelyAgain[name] ?? 0,
        outputs === 0 ? 0 : either / outputs,
      ),
    ),
  ];
}

const namesIn = (...records: readonly Readonly<Record<string, number>>[]): string[] => [
  ...new Set(records.flatMap((own) => Object.keys(own))),
];

const compareCounts = (name: string, before: number, now: number, either = 0): Difference => ({
  difference: Math.max(0, Math.abs(now - before) - either),
  found: `${name}: ${before} in the log, now ${now}`,
});

/** By their logarithms, which are losses. */
function comparePerplexities({ perplexity: before }: Evaluation, { perplexity: now }: Evaluation): Difference {
  const found = `perplexity: ${before} in the log, now ${now}`;
  if (before === null || now === null) return { difference: before === now ? 0 : Number.NaN, found };
  return { difference: compareLosses('', Math.log(before), Math.log(now)).difference, found };
}

function compareMetrics(name: string, before: number | undefined, now: number | undefined, either: number): Difference {
  const found = `${name}: ${before ?? 'none'} in the log, now ${now ?? 'none'}`;
  if (before === undefined || now === undefined) return { difference: Number.NaN, found };
  const apart = before === now ? 0 : Math.abs(now - before) / Math.max(1, Math.abs(before));
  return { difference: Math.max(0, apart - either), found };
}
