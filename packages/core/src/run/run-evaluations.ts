import { emptyPool } from '../engine/empty-pool.ts';
import type { Evaluated } from '../evaluation/evaluate-decoder.ts';
import type { Evaluation, EvaluationProgress } from '../evaluation/evaluation.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { RunLog } from './run-log.ts';

/** The evaluations of a run. One that fails costs nothing but itself. */
export interface RunEvaluations {
  /**
   * Evaluates the model as it is after so many steps, unless that was done.
   * @returns undefined where it failed, the signal stopped it, or there is nothing to evaluate on
   */
  at(step: number): Promise<Evaluation | undefined>;
  /** The one before training, if there was one. */
  readonly before: Evaluation | null;
  /** Why the one asked for last failed, if it did. */
  readonly failure: string | null;
}

export function runEvaluations({
  evaluate,
  log,
  signal,
  onEvent,
}: {
  /** Undefined where there is nothing to evaluate on. */
  readonly evaluate?: ((onProgress: EvaluationProgress) => Promise<Evaluated>) | undefined;
  readonly log: RunLog;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}): RunEvaluations {
  let failure: string | null = null;
  const evaluationAt = (step: number) => log.evaluations.find((entry) => entry.step === step)?.evaluation;
  return {
    async at(step) {
      failure = null;
      const known = evaluationAt(step);
      if (known || !evaluate) return known;
      emptyPool();
      try {
        const evaluated = await evaluate((done, of, part) =>
          onEvent?.({ type: 'evaluation-progress', part, done, of }),
        );
        const { evaluation, predictions, groupValues } = evaluated;
        if (predictions) await log.writePredictions(step, predictions);
        await log.writeEvaluation({ step, evaluation, groupValues });
        onEvent?.({ type: 'evaluation', step, evaluation });
        return evaluation;
      } catch (error) {
        if (signal?.aborted && error === signal.reason) return undefined;
        failure = error instanceof Error ? error.message : String(error);
        onEvent?.({ type: 'evaluation-failed', step, message: failure });
        return undefined;
      }
    },
    get before() {
      return evaluationAt(0) ?? null;
    },
    get failure() {
      return failure;
    },
  };
}
