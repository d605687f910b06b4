import type { Evaluation } from '../evaluation/evaluation.ts';
import type { GroupValues } from '../evaluation/group-values.ts';

export interface EvaluationAtStep {
  /** Steps that were done; 0 is before training. */
  readonly step: number;
  readonly evaluation: Evaluation;
  /** What intervals of metrics are made of that are no mean of scores. */
  readonly groupValues?: GroupValues | undefined;
}

/** A line of evaluations.jsonl: the step, the losses, and the recipe's metrics beside them by their names. */
export const evaluationLine = ({ step, evaluation, groupValues }: EvaluationAtStep): object => {
  const { metrics, ...own } = evaluation;
  return { step, ...own, ...metrics, ...(groupValues && { groupValues }) };
};

/** Every field of an evaluation but its metrics: what else stands in a line is a metric. */
const OWN: Readonly<Record<Exclude<keyof Evaluation, 'metrics' | 'dropped' | 'sensitivity'>, true>> = {
  rows: true,
  tokens: true,
  loss: true,
  promptLoss: true,
  completionLoss: true,
  perplexity: true,
  outputs: true,
  cutOutputs: true,
  standardErrors: true,
  failedMetrics: true,
};

/** The way back; undefined for what is no such line. */
export function parseEvaluation(line: string): EvaluationAtStep | undefined {
  const entry = parseObject(line);
  if (typeof entry?.step !== 'number' || typeof entry.rows !== 'number') return undefined;
  const { step, groupValues, ...rest } = entry;
  const own = Object.entries(rest).filter(([name]) => name in OWN);
  const metrics = Object.entries(rest).filter(([name]) => !(name in OWN));
  return {
    step,
    evaluation: { ...Object.fromEntries(own), metrics: Object.fromEntries(metrics) } as Evaluation,
    ...(groupValues !== undefined && { groupValues: groupValues as GroupValues }),
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
