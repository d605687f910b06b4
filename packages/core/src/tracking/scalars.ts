import type { Evaluation } from '../evaluation/evaluation.ts';
import type { StepMetrics, TrainingEvent } from '../training/events.ts';

/** Numbers of a step, by the names that trackers show: `train/loss`, `eval/exactMatch`. Losses in nats. */
export interface Scalars {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

const OF_STEPS = [
  ...(['loss', 'promptLoss', 'completionLoss', 'learningRate', 'gradientNorm', 'epoch'] as const),
  ...(['tokens', 'tokensPerSecond', 'stepSeconds', 'residentBytes'] as const),
] satisfies readonly (keyof StepMetrics)[];

const OF_EVALUATIONS = ['loss', 'promptLoss', 'completionLoss', 'perplexity'] satisfies readonly (keyof Evaluation)[];

/** What an event says in numbers, under the names that metrics.jsonl has; undefined where it says none. */
export function scalarsOf(event: TrainingEvent): Scalars | undefined {
  if (event.type === 'step') {
    const { metrics } = event;
    const skipped = { ...(metrics.skipped && { 'train/skipped': 1 }) };
    return { step: metrics.step, values: { ...finite('train', metrics, OF_STEPS), ...skipped } };
  }
  if (event.type === 'evaluation') {
    const { step, evaluation } = event;
    const metrics = finite('eval', evaluation.metrics, Object.keys(evaluation.metrics));
    return { step, values: { ...finite('eval', evaluation, OF_EVALUATIONS), ...metrics } };
  }
  return undefined;
}

/** Of the named numbers those that are some. */
const finite = <Name extends string>(
  group: string,
  numbers: Readonly<Partial<Record<Name, number | null>>>,
  names: readonly Name[],
): Record<string, number> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = numbers[name];
      return typeof value === 'number' && Number.isFinite(value) ? [[`${group}/${name}`, value]] : [];
    }),
  );
