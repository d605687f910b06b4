import { lengthGroupedBatches } from './counterweight.ts';
import type { JobExample } from './job.ts';

/** Places of the examples in the order of a plain loop, and in ours, from the same seed. */
export function lengthOrders(examples: readonly JobExample[], batchSize: number): { title: string; order: number[] }[] {
  const orderFor = (lengths: number[]) =>
    lengthGroupedBatches({ lengths, batchSize, seed: 0, epoch: 0, shuffle: true }).flat();
  return [
    { title: "in a plain loop's order", order: orderFor(examples.map(() => 0)) },
    { title: 'grouped by length, as we train', order: orderFor(examples.map(({ ids }) => ids.length)) },
  ];
}
