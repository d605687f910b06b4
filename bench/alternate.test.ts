import { beforeEach, expect, test, vi } from 'vitest';
import { alternate, runOnce, type Side, type SideResult } from './alternate.ts';
import { batchesOf } from './batch-file.ts';
import { tableOf } from './results.ts';
import { median } from './statistics.ts';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const a: Side = { name: 'ours', command: 'a', args: [] };
const b: Side = { name: 'theirs', command: 'b', args: [] };

function result(tokensPerSecond: number, peakResidentBytes: number, losses: number[]): SideResult {
  const figures = { stepSeconds: [0.1, 0.3], firstStepSeconds: 0.5, versions: { node: '24' }, threads: 2 };
  return { tokensPerSecond, peakResidentBytes, losses, ...figures };
}

test('sides take turns in going first, and ratios are taken within a round', async () => {
  const order: string[] = [];
  const speeds = { ours: [200, 300, 100], theirs: [100, 100, 100] };
  const comparison = await alternate(a, b, 3, async (side) => {
    order.push(side.name);
    const speed = speeds[side.name as 'ours' | 'theirs'].shift() ?? 0;
    return side === a ? result(speed, 50e6, [2, 1.001]) : result(speed, 100e6, [2, 1]);
  });

  expect(order).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
  expect(comparison.tokensPerSecondRatio).toEqual({ median: 2, min: 1, max: 3 });
  expect(comparison.peakResidentBytesRatio.median).toBe(0.5);
  expect(comparison.largestLossDifference).toBeCloseTo(1e-3, 10);
  expect(tableOf(comparison)).toContain(
    '| ours | 200 [100–300] | 200.0 [100.0–300.0] | 500 [500–500] | 50 [50–50] | 2 |',
  );
});

test('a side without losses is not taken for an equal one', async () => {
  const comparison = await alternate(a, b, 1, async (side) => result(1, 1, side === a ? [] : [1]));
  expect(comparison.largestLossDifference).toBeNaN();
});

test('the result is the last line; a failure is an error', async () => {
  const program = (code: string): Side => ({ name: 'node', command: process.execPath, args: ['-e', code] });
  const printed = JSON.stringify(result(7, 1, [1]));
  expect((await runOnce(program(`console.log('hello'); console.log('${printed}')`))).tokensPerSecond).toBe(7);
  await expect(runOnce(program('process.exit(3)'))).rejects.toThrow('ended with 3');
  await expect(runOnce(program('console.log("done")'))).rejects.toThrow('no JSON object');
});

test('batches are whole', () => {
  expect(
    batchesOf(
      [
        [3, 1, 2, 0, 4],
        [0, 1, 2, 3, 4],
      ],
      2,
    ),
  ).toEqual([
    [3, 1],
    [2, 0],
    [0, 1],
    [2, 3],
  ]);
});

test('median of an odd and an even count', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow('no values');
});
