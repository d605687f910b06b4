import type { RunRecord } from '../run-record.ts';
import type { Measurement } from './metric-evidence.ts';

/** The evaluation of the result, and the first one before it. */
export function measurementsOf({ evaluations, result }: Pick<RunRecord, 'evaluations' | 'result'>): {
  readonly before: Measurement | undefined;
  readonly after: Measurement | undefined;
} {
  const after = evaluations.find(({ step }) => step === result?.resultStep) ?? evaluations.at(-1);
  const [first] = evaluations;
  return { before: after && first && first.step < after.step ? first : undefined, after };
}

/** When it was: before training, or after a step. */
export const whenOf = ({ step }: Measurement): string => (step === 0 ? 'before' : `after step ${step}`);
