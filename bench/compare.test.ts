import { beforeEach, expect, test, vi } from 'vitest';
import { alternate } from './alternate.ts';
import { agrees, compare, summarize } from './compare.ts';
import { runOnce, type Side, type SideResult } from './side.ts';
import { tableOf } from './table.ts';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const side = (name: string): Side => ({ name, command: name, args: [] });
const [ours, theirs, others] = [side('Counterweight f32'), side('PyTorch f32'), side('others')];

function result(tokensPerSecond: number, peakResidentBytes: number, losses: number[]): SideResult {
  return {
    tokensPerSecond,
    examplesPerSecond: tokensPerSecond / 10,
    stepSeconds: [0.1, 0.3],
    firstStepSeconds: 0.5,
    peakResidentBytes,
    losses,
    productGflops: { f32: 100 },
    versions: { node: '24' },
    threads: 2,
  };
}

test('every other round runs backwards', async () => {
  const order: string[] = [];
  await alternate([ours, theirs, others], 3, async ({ name }) => {
    order.push(name.slice(0, 1));
    return result(1, 1, [1]);
  });
  expect(order.join('')).toBe('CPooPCCPo');
});

test('ratios are taken within a round', () => {
  const a = [result(200, 50e6, [2, 1.001]), result(300, 50e6, []), result(100, 50e6, [])];
  const b = [100, 100, 100].map((speed) => result(speed, 100e6, [2, 1]));
  const comparison = compare(summarize(ours, a), summarize(theirs, b), { speed: 1.6, memory: 0.55 }, 2e-3);

  expect(comparison.speedRatio).toEqual({ median: 2, min: 1, max: 3 });
  expect(comparison.memoryRatio.median).toBe(0.5);
  expect(comparison.lossDifference).toBeCloseTo(1e-3, 10);
  expect(agrees(comparison)).toBe(true);

  // 5 GFLOP in 0.2 s are 25 GFLOP/s: a quarter of the product's 100.
  const table = tableOf({ title: '', comparisons: [{ what: 'f32', comparison }], operations: 5e9 });
  expect(table).toContain('| f32 | Counterweight f32 | 200 [100–300] | 0.200 [0.100–0.300] | 2.5 | 50 | 25 % |');
  expect(table).toContain('| | ratio | **2.00 [1.00–3.00]** (aim: ≥ 1.6) | | | 0.50 (aim: ≤ 0.55) | |');
});

test.each([
  ['no losses', []],
  ['fewer steps', [1]],
  ['other losses', [1, 2.1]],
  ['a loss that is no number', [1, Number.NaN]],
])('%s: not the same work', (_, losses) => {
  const runs = [summarize(ours, [result(1, 1, losses)]), summarize(theirs, [result(1, 1, [1, 2])])] as const;
  const comparison = compare(...runs, {}, 1e-3);
  expect(agrees(comparison)).toBe(false);
  expect(tableOf({ title: '', comparisons: [{ what: 'f32', comparison }] })).toContain('NOT THE SAME WORK');
});

test('the result is the last line; a failure is an error', async () => {
  const program = (code: string): Side => ({ name: 'node', command: process.execPath, args: ['-e', code] });
  const printed = JSON.stringify(result(7, 1, [1]));
  expect((await runOnce(program(`console.log('hello'); console.log('${printed}')`))).tokensPerSecond).toBe(7);
  await expect(runOnce(program('process.exit(3)'))).rejects.toThrow('ended with 3');
  await expect(runOnce(program('console.log("done")'))).rejects.toThrow('no JSON object');
});
