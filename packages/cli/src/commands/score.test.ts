import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theCore } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { score } from './score.ts';

let cwd: string;
const rows = [
  '{"message": "Where is my card?", "problem": "card_arrival"}',
  '{"message": "Stolen!", "problem": "theft"}',
];

/** The recipe of the test tells how far it is, and takes an option. */
const recipe = `
export const optionsSchema = undefined;
export default (options) => ({
  specificationVersion: 1, name: 'own', options, answerField: 'x', defaults: {}, layout: {},
  parseRow: (row) => row, render: () => ({ prompt: [], completion: [] }),
  metrics: [
    { name: 'slow', direction: 'higher-is-better', definition: 'd', compute: async (all, onProgress) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      onProgress(all.length, all.length);
      return all.length;
    } },
    { name: 'none', direction: 'lower-is-better', definition: 'd', compute: () => NaN },
  ],
});`;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'counterweight-score-'));
  await writeFile(join(cwd, 'rows.jsonl'), rows.join('\n'));
  await writeFile(join(cwd, 'outputs.jsonl'), '"card arrival"\n"lost"\n');
  await writeFile(join(cwd, 'samples.jsonl'), '["a","b"]\n["c","d"]\n');
  await writeFile(join(cwd, 'own.js'), recipe);
});
afterAll(() => rm(cwd, { recursive: true }));

/** Nothing but `score` of core: no model is opened, no engine. */
const scored = (flags: readonly string[]) =>
  runWith([score], ['score', '--data', join(cwd, 'rows.jsonl'), ...flags], { core: { score: theCore.score }, cwd });
const generated = (name: string) => ['--generated', join(cwd, name)];

describe('score', () => {
  it('measures outputs with the metrics of a recipe, without a model', async () => {
    const { stdout, exitCode } = await scored(['--recipe', 'support', ...generated('outputs.jsonl'), '--json']);
    expect(exitCode).toBe(0);
    expect(lastJson(stdout)).toMatchObject({ rows: 2, metrics: { exactMatch: 0.5, macroF1: 0.5 } });
    expect(Object.keys(lastJson(stdout) as object)).toEqual(['rows', 'metrics', 'standardErrors']);
  });

  it('prints a table for people, and how far a slow metric is', async () => {
    const { stdout, stderr } = await scored(['--recipe', './own.js', ...generated('samples.jsonl')]);
    expect(stdout).toMatch(/rows +2\n +slow +4\.0000 +↑\n$/);
    expect(stderr).toContain('scoring 4/4  slow');
  });

  it.each([
    ['rows.jsonl', 'neither a JSON string', 'rows.jsonl, line 1'],
    ['none.jsonl', 'cannot be read', 'none.jsonl'],
    [undefined, '--generated is missing', ''],
  ])('explains --generated %s', async (name, problem, where) => {
    const flags = name === undefined ? [] : generated(name);
    const { exitCode, stderr } = await scored(['--recipe', 'support', ...flags]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(problem)]);
    expect(stderr).toContain(where);
  });
});
