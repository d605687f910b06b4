import { breather, withBreaths } from '../abort.ts';
import { describePacking, type PackingReceipt, planPacking } from '../batches/pack.ts';
import { planTraining, type TrainingPlan } from '../batches/plan.ts';
import { UserError } from '../errors.ts';
import { type DecoderConfig, narrowestWindow } from '../model/config.ts';
import type { Task } from './open-task.ts';
import type { TrainingData } from './read-training-data.ts';

/**
 * Which examples make up which step, and how full rows are where they hold several examples.
 * @throws {UserError} `option-invalid` where the model can't see a shared prefix from the end of an example
 */
export async function planExamples<Row>(
  { training, maxLength, config, signal }: Task<Row>,
  { examples, proportions }: Pick<TrainingData<Row>, 'examples' | 'proportions'>,
): Promise<{ plan: TrainingPlan; packing: PackingReceipt | undefined }> {
  const longestOf = (numbers: readonly number[]) =>
    numbers.reduce((longest, i) => Math.max(longest, examples.lengths[i] as number), 0);
  const packing = await withBreaths(planPacking(examples, { packing: training.packing, maxLength }), breather(signal));
  for (const group of packing?.groups ?? []) {
    if (group.prefix > 0) assertInWindow(longestOf(group.examples), config);
  }
  const plan = planTraining(examples, training, { packing, proportions });
  if (!packing) return { plan, packing };
  return { plan, packing: describePacking(plan.batchesIn(0).flat(), packing) };
}

/** A token sees a shared prefix whole or not at all, so an example must lie within the window of its last token. */
function assertInWindow(longest: number, config: DecoderConfig): void {
  const window = narrowestWindow(config);
  if (longest - 1 <= window) return;
  throw new UserError({
    code: 'option-invalid',
    problem: `The model's attention reaches back over ${window} tokens, and examples with a shared prefix have up to ${longest}.`,
    where: 'option packing',
    fix: `Use packing examples, or a maxLength of ${window + 1} at most.`,
  });
}
