import type { TrainingOptions } from './options.ts';

/** The learning rate of a step, counted from 0: a linear rise over the warm-up, then the schedule's way down to 0. */
export function learningRateAt(
  step: number,
  {
    schedule,
    warmupSteps,
    peak,
    steps,
  }: { peak: number; steps: number } & Pick<TrainingOptions, 'schedule' | 'warmupSteps'>,
): number {
  if (step < warmupSteps) return (peak * (step + 1)) / (warmupSteps + 1);
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  switch (schedule) {
    case 'constant':
      return peak;
    case 'linear':
      return peak * (1 - progress);
    case 'cosine':
      return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}
