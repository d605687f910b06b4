import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Language, type Program, programRunner } from '../src/index.ts';
import { hasSandbox } from '../src/test-support.ts';
import { type Case, ofNode } from './say-nothing/of-node.ts';
import { ofPytest, ofUnittest } from './say-nothing/of-python.ts';

const run = programRunner({ limits: { timeoutSeconds: 30 } });
const available = await hasSandbox();
const hasPytest = spawnSync('python3', ['-c', 'import pytest']).status === 0;
const sources = {
  javascript: ['function add(a, b) { return a + b; }', 'function add(a, b) { return a - b; }'],
  typescript: ['const add = (a: number, b: number): number => a + b;', 'const add = (a: number, b: number) => a - b;'],
  python: ['def add(a, b): return a + b', 'def add(a, b): return a - b'],
} as const;

const holds = async (language: Language, [tests, right, wrong]: Case) => {
  const status = async (source: string) => (await run({ language, source, tests } satisfies Program)).status;
  const [whenRight, whenWrong] = await Promise.all(sources[language].map(status));
  expect([whenRight, whenWrong]).toEqual([right, wrong]);
};

describe.skipIf(!available)('what says nothing of a program makes it neither right nor wrong', () => {
  it.concurrent.each(ofNode)('JavaScript: %s', async (...one) => holds('javascript', one));
  it.concurrent.each(ofNode)('TypeScript: %s', async (...one) => holds('typescript', one));
  it.concurrent.each(ofUnittest)('unittest: %s', async (...one) => holds('python', one));
  it.skipIf(!hasPytest).concurrent.each(ofPytest)('pytest: %s', async (...one) => holds('python', one));
});
