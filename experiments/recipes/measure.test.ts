import { describe, expect, it } from 'vitest';
import { copyOf, lastNumber, mostFrequent, nearest } from './baselines.ts';
import { difference, estimate, measure } from './measure.ts';
import { weightsFor } from './run-task.ts';
import { nameOf, openRecipe, type RecipeTask, tasks } from './tasks.ts';

const named = (name: string) => openRecipe(tasks.find((task) => nameOf(task) === name) as RecipeTask);
const labels = named('support/intent');
const rows = Array.from(
  { length: 50 },
  (_, i) => labels.parseRow({ message: `m ${i}`, intent: i % 2 ? 'a' : 'b' }) as object,
);
const rights = rows.map((_, i) => (i % 2 ? 'a' : 'b'));

describe('a measured system', () => {
  it('has the mean over seeds, with an interval over rows', async () => {
    const { exactMatch, macroF1 } = await measure(labels, rows, [rights, rights.map(() => 'a')]);
    const { value, interval } = estimate(exactMatch!);
    expect(value).toBe(0.75);
    // Half of the rows have 0.5 and half have 1: a standard error of 0.25 / √50.
    expect(interval[0]).toBeCloseTo(0.75 - 2 * 0.0354, 1);
    expect(interval[1]).toBeCloseTo(0.75 + 2 * 0.0354, 1);
    // Of a whole corpus: 1, and (2/3 + 0) / 2.
    expect(estimate(macroF1!).value).toBeCloseTo((1 + 1 / 3) / 2, 3);
  });

  it('is not sure of what no row has shown', async () => {
    const { exactMatch } = await measure(labels, rows, [rights]);
    expect(estimate(exactMatch!)).toEqual({ value: 1, interval: [0.9289, 1] });
  });

  it('is compared row by row', async () => {
    const half = rights.map((label, i) => (i < 25 ? label : 'none'));
    const [one, other] = [await measure(labels, rows, [half]), await measure(labels, rows, [half])];
    expect(difference(one.exactMatch!, other.exactMatch!)).toEqual({ value: 0, interval: [0, 0] });
    const worse = await measure(labels, rows, [half.map((label, i) => (i === 0 ? 'none' : label))]);
    // One row of fifty.
    const { value, interval } = difference(one.exactMatch!, worse.exactMatch!);
    expect(value).toBe(0.02);
    expect(interval[1]).toBeLessThan(0.1);
  });
});

it('weights are 0, the default and one above', () => {
  const defaults = (promptLossWeight: number) => weightsFor({ ...labels.defaults, promptLossWeight });
  expect([defaults(0), defaults(0.03), defaults(0.1), defaults(1)]).toEqual([
    [0, 0.1],
    [0, 0.03, 0.1],
    [0, 0.1, 0.3],
    [0, 1],
  ]);
});

it('baselines answer every row', () => {
  const parsed = (recipe: typeof labels, all: readonly object[]) => all.map((row) => recipe.parseRow(row));
  const train = parsed(labels, [
    { message: 'where is my flight', intent: 'flight' },
    { message: 'my seat please', intent: 'seat' },
    { message: 'a window seat', intent: 'seat' },
  ]);
  const heldOut = parsed(labels, [{ message: 'is my flight late', intent: 'x' }]);
  expect(mostFrequent({ recipe: labels, train, heldOut })).toEqual(['seat']);
  expect(nearest({ recipe: labels, train, heldOut })).toEqual(['flight']);
  expect(copyOf('message')({ recipe: labels, train, heldOut })).toEqual(['is my flight late']);
  const explain = named('education/explain');
  const asked = parsed(explain, [{ question: 'Of 12 eggs 1,000 and 3.5?', level: 5, explanation: '#### 3' }]);
  expect(lastNumber({ recipe: explain, train: [], heldOut: asked })).toEqual(['#### 3.5']);
});
