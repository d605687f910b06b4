import { readFileSync, writeFileSync } from 'node:fs';

/** What both sides of a benchmark are told, through a file: the same model, ids, weights, batches and settings. */
export interface Job {
  /** Folder with config.json and model.safetensors. */
  readonly model: string;
  /** Folder of an adapter in PEFT's layout; without one, every weight is trained. */
  readonly adapter?: string;
  readonly settings: Settings;
  readonly examples: readonly JobExample[];
  /** Indices into `examples`; one batch is one optimizer step. */
  readonly batches: readonly (readonly number[])[];
}

export interface Settings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradientNorm: number;
  /** The learning rate of step s (from 0) is `learningRate · (1 − s / scheduleSteps)`. */
  readonly scheduleSteps: number;
}

export interface JobExample {
  readonly ids: readonly number[];
  /** `weights[i]` is the weight of `ids[i]` as a target, before the shift. */
  readonly weights: readonly number[];
}

/** Batches of the examples in the given orders, one order an epoch; what does not fill a batch is left out. */
export function batchesOf(orders: readonly (readonly number[])[], batchSize: number): number[][] {
  return orders.flatMap((order) => {
    const whole = Math.floor(order.length / batchSize);
    return Array.from({ length: whole }, (_, i) => order.slice(i * batchSize, (i + 1) * batchSize));
  });
}

export function writeJob(file: string, { examples, ...job }: Job): void {
  const slim = examples.map(({ ids, weights }) => ({ ids, weights }));
  writeFileSync(file, JSON.stringify({ ...job, examples: slim }));
}

export const readJob = (file: string): Job => JSON.parse(readFileSync(file, 'utf8')) as Job;
