import { expect, it } from 'vitest';
import { planTraining } from './plan.ts';

const options = { batchSize: 4, gradientAccumulation: 2, epochs: 3, maxSteps: undefined, seed: 7, shuffle: true };
const lengths = Array.from({ length: 40 }, (_, i) => 5 + (i % 7));
const epochOf = (plan: ReturnType<typeof planTraining>, epoch: number) =>
  Array.from({ length: 5 }, (_, i) => plan.at(epoch * 5 + i)).flatMap(({ microBatches }) => microBatches.flat());

it('shows every example once an epoch', () => {
  const plan = planTraining(lengths, options);
  expect(plan.steps).toBe(15);
  expect(epochOf(plan, 1).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
});

it('draws epochs of the same length in proportions, the same from wherever a run goes on', () => {
  const groups = lengths.map((_, i) => (i < 30 ? 'many' : 'few'));
  const proportions = { groups, shares: { many: 0.25, few: 0.75 } };
  const plan = planTraining(lengths, options, proportions);
  expect(plan.steps).toBe(15);
  for (const epoch of [0, 1, 2]) {
    const drawn = epochOf(plan, epoch);
    expect(drawn.filter((i) => groups[i] === 'many')).toHaveLength(10);
    expect(drawn.filter((i) => groups[i] === 'few')).toHaveLength(30);
  }
  expect(planTraining(lengths, options, proportions).at(11)).toEqual(plan.at(11));
});
