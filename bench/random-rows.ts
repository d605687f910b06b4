import { createRandom } from './counterweight.ts';
import type { Job, JobExample } from './job.ts';

/** Rows of random ids of one length, the first half masked, from a seed: no padding, no prompt shared. */
export function randomRows(
  vocabularySize: number,
  { steps, rows, length }: { steps: number; rows: number; length: number },
) {
  const random = createRandom(0, 0xbe9c4);
  const example = (): JobExample => ({
    ids: Array.from({ length }, () => Math.floor(random.uniform() * vocabularySize)),
    weights: Array.from({ length }, (_, i) => (i < length / 2 ? 0 : 1)),
  });
  return {
    settings: { learningRate: 2e-4, weightDecay: 0.01, maxGradientNorm: 1, scheduleSteps: 100 },
    examples: Array.from({ length: steps * rows }, example),
    batches: Array.from({ length: steps }, (_, step) => Array.from({ length: rows }, (_, row) => step * rows + row)),
  } satisfies Omit<Job, 'model'>;
}

/** Of one step: what {@link neededOperations} counts. */
export const stepOf = ({ examples, batches }: Pick<Job, 'examples' | 'batches'>) =>
  (batches[0] ?? []).map((i) => {
    const { ids, weights } = examples[i] as JobExample;
    return { length: ids.length, targets: weights.filter((weight) => weight > 0).length };
  });
