import { UserError } from '../errors.ts';
import type { NonFinite } from './step.ts';

const PROBLEMS: Readonly<Record<NonFinite['what'], (step: number) => string>> = {
  loss: (step) => `The loss of step ${step} is not a finite number.`,
  gradient: (step) => `The gradient of step ${step} is not finite.`,
  weight: (step) => `The update of step ${step} would make a weight that is not finite.`,
};

/** A run that must not go on, with all that helps to find out why. `step` counts from 1. */
export function diverged(
  { what }: NonFinite,
  {
    step,
    learningRate,
    rows,
    checkpoint,
  }: { step: number; learningRate: number; rows: string; checkpoint: string | undefined },
): UserError {
  const kept = checkpoint === undefined ? 'there is no checkpoint yet' : `last good checkpoint: ${checkpoint}`;
  return new UserError({
    code: 'training-diverged',
    problem: `${PROBLEMS[what](step)} The update was not made.`,
    where: `${rows}; step ${step}, learning rate ${learningRate}; ${kept}`,
    fix:
      'Lower the learning rate (--learning-rate) or let it rise slowly (--warmup-steps); look at the rows that are named; ' +
      '--on-non-finite skip leaves such steps out, also when a run is resumed.',
  });
}

/** Examples named, at most. */
const NAMED = 8;

/** What to call examples: by where they come from, or by their numbers, from 1, where nothing better is known. */
export async function namesOf(
  examples: readonly number[],
  placesOf?: (examples: readonly number[]) => Promise<readonly string[]>,
): Promise<string> {
  const named = examples.slice(0, NAMED);
  // Nothing that goes wrong here is to hide what went wrong there.
  const places = (await placesOf?.(named).catch(() => undefined)) ?? [];
  const numbers = `example${named.length === 1 ? '' : 's'} ${named.map((i) => i + 1).join(', ')} of the training data`;
  const more = examples.length > NAMED ? `, and ${examples.length - NAMED} more` : '';
  return `${places.length > 0 ? places.join('; ') : numbers}${more}`;
}
