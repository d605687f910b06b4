import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { preview } from './preview.ts';

const example = {
  ids: [1, 5, 6, 2],
  weights: [0, 0.1, 1, 1],
  roles: ['bos', 'user', 'assistant', 'assistant'],
  text: 'ab',
  pieces: ['', 'a', 'b', ''],
};
const receipt = {
  rows: 1,
  kept: 1,
  cut: 0,
  cutTokens: 0,
  dropped: [],
  promptTokens: 2,
  completionTokens: 2,
  generationRatio: 1,
  promptWeightShare: 0.048,
  lengths: { median: 4, p90: 4, p99: 4, longest: 4 },
  tallies: { 'phone numbers masked': 3 },
  unused: { 'a\u001bb': 2, category: 1 },
};
const core = { preview: async () => ({ receipt, examples: [example] }) } as unknown as Partial<Core>;
const minimal = ['preview', '--model', './model', '--data', 'rows.jsonl'];

describe('preview', () => {
  it('prints receipt, tokens and legend', async () => {
    const { exitCode, stdout } = await runWith([preview], minimal, { core });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Receipt\n/);
    expect(stdout).toContain('3 phone numbers masked\n');
    expect(stdout).toMatch(/not used +2 fields of the rows\n +a\\u001bb in 2 rows, category in 1 row\n/);
    expect(stdout).toContain('0.1 ░ user       │ a\n');
    expect(stdout).toContain('1 █ assistant  │ b│⟨eos⟩\n');
    expect(stdout).toContain('░ below 0.25');
  });

  it('gives ids, weights, roles and text of each row as JSON', async () => {
    const { stdout } = await runWith([preview], [...minimal, '--json'], { core });
    const { pieces: _, ...row } = example;
    expect(lastJson(stdout)).toEqual({ rows: [row], receipt });
    expect(stdout.split('\n')).toHaveLength(2);
  });

  it('writes a page', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'counterweight-preview-'));
    await runWith([preview], [...minimal, '--html', 'page.html'], { core, cwd });
    const page = await readFile(join(cwd, 'page.html'), 'utf8');
    expect(page).toContain('title="user, weight 0.1, id 5"');
    expect(page).toContain('3 phone numbers masked');
    await rm(cwd, { recursive: true });
  });

  it('says where a page cannot be written', async () => {
    const { exitCode, stderr } = await runWith([preview], [...minimal, '--html', '/dev/null/page.html'], { core });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/page cannot be written.*\n.*--html/)]);
  });

  it('takes a command line of train as it is, and says what changes nothing', async () => {
    const { exitCode, stderr } = await runWith([preview], [...minimal, '--learning-rate', '0.1'], { core });
    expect([exitCode, stderr]).toEqual([0, 'note: --learning-rate changes nothing in preview\n']);
  });
});
