import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = async (name: string, ...args: string[]) => {
  const path = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args]);
  return stdout;
};

it('measure-outputs reads any text and stands it beside the baselines', async () => {
  const output = await run('measure-outputs');
  expect(output).toMatch(/unknown: \[ 'moon cheese' \]/);
  expect(output).toMatch(/ndcgAt5 +0\.\d+ +0\.\d+ +0\.\d+ +0\.\d+/);
});

it('beat-popularity trains, answers in four ways and compares', async () => {
  const few = ['--engine', 'wasm', '--rows', '16', '--held-out', '4', '--samples', '2'];
  const output = await run('beat-popularity', ...few);
  expect(output).toMatch(/2 steps in/);
  const results = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  expect(Object.keys(results)).toEqual([
    'popularity',
    'coOccurrence',
    'boughtBefore',
    'popularAndBought',
    'ranked',
    'greedy',
    'constrained',
    'votes',
  ]);
  expect(results.constrained.unknownNames).toBe(0);
  expect(results.votes.ndcgOverPopularityAt5).toBeTypeOf('number');
});
