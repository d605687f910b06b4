import { planModel } from '../checkpoint/plan-model.ts';
import { freeMemory } from '../engine/free-memory.ts';
import { currentEngine } from '../tensor/engine.ts';
import { assertMemory, estimateMemory, type MemoryEstimate } from '../training/estimate-memory.ts';
import type { BatchShape, EvaluationShape, ModelPlan } from '../training/model-plan.ts';
import { weightBytes } from '../training/tensor-bytes.ts';
import type { Task } from './open-task.ts';

/** The largest batches that a run is going to have. */
export interface LargestBatches {
  readonly batch: BatchShape;
  readonly evaluation: EvaluationShape | undefined;
}

/**
 * Before a tensor of the model exists.
 * @param processes that are going to do the same at the same time
 * @throws {UserError} `memory-exceeded` when training would need more than there is
 */
export async function assertFits<Row>(
  { config, training, adapter, vocabulary }: Omit<Task<Row>, 'recipe'>,
  batches: LargestBatches,
  processes = 1,
): Promise<void> {
  const plan = await planModel(config, { adapter: adapter?.folder, vocabulary }, training);
  check(plan, batches, { baseline: process.memoryUsage.rss() + weightBytes(plan), processes });
}

/** What a run will need, now that the model is there. @throws {UserError} `memory-exceeded` as above */
export const checkMemory = (model: ModelPlan, batches: LargestBatches): MemoryEstimate =>
  check(model, batches, { baseline: process.memoryUsage.rss(), processes: 1 });

function check(
  model: ModelPlan,
  batches: LargestBatches,
  { baseline, processes }: { readonly baseline: number; readonly processes: number },
): MemoryEstimate {
  const estimate = estimateMemory(model, { ...batches, baseline });
  const available = (process.memoryUsage.rss() + freeMemory()) / processes;
  assertMemory(estimate, { available, engine: currentEngine().addressableBytes });
  return estimate;
}
