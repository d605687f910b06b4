import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('lists trains, answers in four ways and compares', { timeout: 180_000 }, async () => {
  const program = fileURLToPath(new URL('lists.ts', import.meta.url));
  const few = ['--engine', 'wasm', '--rows', '16', '--held-out', '4', '--samples', '2'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...few]);
  expect(stdout).toMatch(/2 steps in/);
  const results = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  const baselines = ['popularity', 'coOccurrence', 'boughtBefore', 'popularAndBought'];
  expect(Object.keys(results)).toEqual([...baselines, 'ranked', 'greedy', 'constrained', 'votes']);
  expect(results.constrained.unknownNames).toBe(0);
  expect(results.votes.ndcgOverPopularityAt5).toBeTypeOf('number');
});
