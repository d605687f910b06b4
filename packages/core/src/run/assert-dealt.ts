import { UserError } from '../errors.ts';
import { currentEngine } from '../tensor/engine.ts';
import type { TrainingOptions } from '../training/options.ts';

/**
 * Whether a step can be dealt to so many workers, and their optimizer be sharded.
 * @throws {UserError} `option-invalid`
 */
export function assertDealt(
  { gradientAccumulation, batchSize, method }: Pick<TrainingOptions, 'gradientAccumulation' | 'batchSize' | 'method'>,
  { size }: { readonly size: number },
  { shardOptimizer = false }: { readonly shardOptimizer?: boolean | undefined },
): void {
  if (gradientAccumulation % size !== 0) {
    const step = batchSize * gradientAccumulation;
    const smaller =
      step % size === 0 ? `option batchSize ${step / size} and option gradientAccumulation ${size}` : undefined;
    throw new UserError({
      code: 'option-invalid',
      problem: `The ${gradientAccumulation} micro-batches of a step (option gradientAccumulation) can't be dealt evenly to ${size} workers.`,
      where: 'option workers',
      fix: `Give option gradientAccumulation ${size} or a multiple of it${smaller ? `; with ${smaller} a step stays one of ${step} examples` : ''}.`,
    });
  }
  if (!shardOptimizer) return;
  const problem =
    method !== 'full'
      ? 'The moments of adapters are small, and are not sharded.'
      : size === 1
        ? 'One process by itself has nobody to share the moments with.'
        : undefined;
  if (problem) {
    throw new UserError({
      code: 'option-invalid',
      problem,
      where: 'option shardOptimizer',
      fix: 'Leave it out; or train every weight (method full) with two workers or more.',
    });
  }
}

/** Workers speak of tensors by where they lie. @throws {UserError} `engine-unavailable` */
export function assertWorkersEngine({ size }: { readonly size: number }): void {
  const { name } = currentEngine();
  if (size === 1 || name === 'native') return;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `Workers need our own native engine, and the engine here is ${name}.`,
    where: 'option workers',
    fix: 'Choose the engine native (counterweight doctor says whether it works here).',
  });
}
