import { planModel } from '../checkpoint/plan-model.ts';
import { freeMemory } from '../engine/free-memory.ts';
import { usedMemory } from '../engine/used-memory.ts';
import { currentEngine } from '../tensor/engine.ts';
import {
  assertMemory,
  estimateMemory,
  fits,
  type MemoryEstimate,
  type MemoryLimits,
} from '../training/estimate-memory.ts';
import type { BatchShape, EvaluationShape, ModelPlan } from '../training/model-plan.ts';
import { weightBytes } from '../training/tensor-bytes.ts';
import type { SettledTask } from './open-task.ts';

/** The largest batches that a run is going to have, and how its optimizer is shared out. */
export interface LargestBatches {
  readonly batch: BatchShape;
  readonly evaluation: EvaluationShape | undefined;
  /** Workers that have a part of the moments each; none where everybody has all of them. */
  readonly shards?: number | undefined;
}

/**
 * Before a tensor of the model exists.
 * @param processes that are going to do the same at the same time
 * @throws {UserError} `memory-exceeded` when training would need more than there is
 */
export async function assertFits<Row>(task: SettledModel<Row>, batches: LargestBatches, processes = 1): Promise<void> {
  assertMemory(...(await foresee(task, batches, processes)));
}

/** Whether training would find the memory that it needs. */
export async function modelFits<Row>(
  task: SettledModel<Row>,
  batches: LargestBatches,
  processes = 1,
): Promise<boolean> {
  return fits(...(await foresee(task, batches, processes)));
}

type SettledModel<Row> = Omit<SettledTask<Row>, 'recipe'>;

async function foresee<Row>(
  { config, training, adapter, vocabulary, modelFolder: folder }: SettledModel<Row>,
  batches: LargestBatches,
  processes: number,
): Promise<[MemoryEstimate, MemoryLimits]> {
  const plan = await planModel(config, { folder, adapter: adapter?.folder, vocabulary }, training);
  return [estimateUnopened(plan, batches), limits(processes)];
}

/** What a model will need that this process does not hold yet. */
export const estimateUnopened = (plan: ModelPlan, batches: LargestBatches): MemoryEstimate =>
  estimateMemory(plan, { ...batches, baseline: usedMemory() + weightBytes(plan) });

/** What a run will need, now that the model is there. @throws {UserError} `memory-exceeded` as above */
export function checkMemory(model: ModelPlan, batches: LargestBatches): MemoryEstimate {
  const estimate = estimateMemory(model, { ...batches, baseline: usedMemory() });
  assertMemory(estimate, limits(1));
  return estimate;
}

/** What each of so many processes like this one may use. */
export const limits = (processes: number): MemoryLimits => ({
  available: (process.memoryUsage.rss() + freeMemory()) / processes,
  engine: currentEngine().addressableBytes,
});
