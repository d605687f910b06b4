import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { theCore } from '../../src/core.ts';
import { lastJson, runWith } from '../../src/test-support.ts';
import { inConfigFiles, inRecipes, ofOtherCommands, onTheCommandLine } from './command-line.ts';
import { inModels, inOutputs, inRows } from './files.ts';
import type { Mistake } from './mistake.ts';

/** What users get wrong: each ends with exit code 2 and a message that says what, where, and how to mend it. */
const folder = mkdtempSync(join(tmpdir(), 'counterweight-mistakes-'));
const mistakes: Record<string, Mistake> = {
  ...onTheCommandLine(folder),
  ...inConfigFiles(folder),
  ...inRecipes(folder),
  ...inRows(folder),
  ...inModels(folder),
  ...inOutputs(folder),
  ...ofOtherCommands(folder),
};
afterAll(() => rmSync(folder, { recursive: true }));

const before = readdirSync(folder).sort();

it('are more than sixty', () => {
  expect(Object.keys(mistakes).length).toBeGreaterThanOrEqual(60);
});

it.each(Object.entries(mistakes))('%s', async (_, { argv, says }) => {
  const hasOwn = ['--output', '--resume'].some((flag) => argv.includes(flag));
  const output = hasOwn || argv[0] !== 'train' ? [] : ['--output', join(folder, 'run')];
  const json = argv[0] === 'engine' ? [] : ['--json'];
  const { exitCode, stdout, stderr } = await runWith(commands, [argv[0] ?? '', ...output, ...json, ...argv.slice(1)], {
    core: theCore,
    cwd: folder,
  });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('  fix: ')]);
  for (const pattern of says) expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
  if (json.length > 0) expect(lastJson(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^[a-z-]+$/) } });
  expect(existsSync(join(folder, 'run'))).toBe(false);
});

it('leave nothing behind', () => {
  expect(readdirSync(folder).sort()).toEqual(before);
});
