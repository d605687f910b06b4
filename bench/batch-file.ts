import { writeFileSync } from 'node:fs';

/** What both sides of a benchmark train on: the same ids and weights in the same batches, and the same settings. */
export interface BatchFile {
  readonly settings: {
    readonly learningRate: number;
    readonly weightDecay: number;
    readonly maxGradientNorm: number;
    /** The learning rate of step s (from 0) is `learningRate · (1 − s / scheduleSteps)`. */
    readonly scheduleSteps: number;
  };
  /** `weights[i]` is the weight of `ids[i]` as a target, before the shift. */
  readonly examples: readonly { readonly ids: readonly number[]; readonly weights: readonly number[] }[];
  /** Indices into `examples`; one batch is one optimizer step. */
  readonly batches: readonly (readonly number[])[];
}

/** Batches of the examples in the given orders, one order an epoch; what does not fill a batch is left out. */
export function batchesOf(orders: readonly (readonly number[])[], batchSize: number): number[][] {
  return orders.flatMap((order) => {
    const whole = Math.floor(order.length / batchSize);
    return Array.from({ length: whole }, (_, i) => order.slice(i * batchSize, (i + 1) * batchSize));
  });
}

export function writeBatchFile(file: string, { settings, examples, batches }: BatchFile): void {
  const slim = examples.map(({ ids, weights }) => ({ ids, weights }));
  writeFileSync(file, JSON.stringify({ settings, examples: slim, batches }));
}
