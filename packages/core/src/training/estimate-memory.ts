import { UserError } from '../errors.ts';
import { currentEngine } from '../tensor/engine.ts';
import type { BatchShape, EvaluationShape, ModelPlan } from './model-plan.ts';
import {
  evaluationBytes,
  gatheredBytes,
  keptBytes,
  optimizerBytes,
  transientBytes,
  weightBytes,
} from './tensor-bytes.ts';

/** What a run needs at its peak, in bytes. */
export interface MemoryEstimate {
  /** The process before the first step, with the model in it. */
  readonly baseline: number;
  /** Gradient and both moments of what is trained, and what an update makes beside them. */
  readonly optimizer: number;
  /** What the blocks keep between the way there and the way back. */
  readonly activations: number;
  /** The largest of what comes and goes in a step: logits, or the gradients inside a block. */
  readonly transient: number;
  /** In place of activations and transient while an evaluation runs: its batches, and keys and values of what it writes. */
  readonly evaluation: number;
  /** Of the step, the evaluation or a checkpoint of moments that are shared out, whichever needs more. */
  readonly total: number;
  /** Of the total, what the engine itself holds: tensors, the weights among them. */
  readonly inEngine: number;
}

/** What TensorFlow's allocator keeps beside what it was asked for, as measured; our own engine's gives it back in time. */
const gaps = (): number => (currentEngine().fusedKernels ? 1 : 1.15);

/**
 * The peak of a run, from the sizes of what the layers keep; within a tenth of what is measured
 * (`estimate-memory.test.ts`).
 */
export function estimateMemory(
  model: ModelPlan,
  {
    batch,
    evaluation,
    shards = 1,
    baseline,
  }: {
    readonly batch: BatchShape;
    readonly evaluation?: EvaluationShape | undefined;
    /** Workers that have a part of the moments each. */
    readonly shards?: number | undefined;
    /** Memory in use, with engine and weights in it: `engine/used-memory.ts`. */
    readonly baseline: number;
  },
): MemoryEstimate {
  const optimizer = optimizerBytes(model, shards);
  const activations = gaps() * keptBytes(model, batch);
  const transient = gaps() * transientBytes(model, batch);
  const evaluating = evaluation ? gaps() * evaluationBytes(model, evaluation) : 0;
  const inStep = optimizer + Math.max(activations + transient, evaluating);
  const work = Math.max(inStep, gatheredBytes(model, shards));
  return {
    baseline,
    optimizer,
    activations,
    transient,
    evaluation: evaluating,
    total: baseline + work,
    inEngine: weightBytes(model) + work,
  };
}

/** What a run may use, in bytes. */
export interface MemoryLimits {
  /** What the process has and what is free beside it. */
  readonly available: number;
  /** What the engine can address, where that is limited. */
  readonly engine?: number | undefined;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export const fits = ({ total, inEngine }: MemoryEstimate, { available, engine = Infinity }: MemoryLimits): boolean =>
  total <= available && inEngine <= engine;

/** @throws {UserError} `memory-exceeded` when a run would need more than there is, saying what to turn down. */
export function assertMemory(estimate: MemoryEstimate, limits: MemoryLimits): void {
  if (fits(estimate, limits)) return;
  const { total, inEngine, optimizer, activations, transient, evaluation } = estimate;
  const { available, engine = Infinity } = limits;
  const problem =
    inEngine > engine
      ? `WebAssembly can hold ${gigabytes(engine)}, and training would need about ${gigabytes(inEngine)} in it.`
      : `Training would need about ${gigabytes(total)} of memory, and ${gigabytes(available)} are there or free.`;
  const parts = [
    `${gigabytes(activations + transient)} of it for the tokens of a batch`,
    `${gigabytes(optimizer)} for the optimizer`,
    ...(evaluation > 0 ? [`${gigabytes(evaluation)} in evaluations`] : []),
  ];
  throw new UserError({
    code: 'memory-exceeded',
    problem,
    where: parts.join(', '),
    fix: `${fixFor(estimate)}${inEngine > engine ? ' Or use the engine native (counterweight doctor says whether it works here).' : ''}`,
  });
}

function fixFor({ optimizer, activations, transient, evaluation, baseline }: MemoryEstimate): string {
  const step = activations + transient;
  const smaller = 'Train an adapter (--method lora), with fewer --lora-targets or a lower --lora-rank.';
  if (Math.max(step, evaluation) < Math.max(optimizer, baseline)) return smaller;
  if (step < evaluation) return 'Evaluate losses only (--evaluate-losses-only), or turn down --max-length.';
  const batch =
    'Turn down --batch-size (and up --gradient-accumulation) or --max-length, or give --recompute or --precision bf16.';
  // What a high rank adds to the batch, it adds to the optimizer too.
  return optimizer > step / 10 ? `${smaller} ${batch}` : batch;
}
