import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { generate } from './generate.ts';

/** A core that answers every row with its number, in two pieces. */
function fakeCore() {
  const asked: Parameters<Core['generate']>[0][] = [];
  const core = {
    generate: async (options: Parameters<Core['generate']>[0]) => {
      asked.push(options);
      const isFile = typeof [...(options.rows as Iterable<unknown>)][0] === 'string';
      const left = options.training?.skipInvalid ? 1 : 0;
      const invalid = { file: 'r.jsonl', line: 1, reason: 'invalid', problem: 'It is none.' } as const;
      options.onRows?.((isFile ? 2 : 1) + left, new Map(left > 0 ? [[0, invalid]] : []));
      const rows = isFile ? [0, 1] : [0];
      for (const row of rows) for (const piece of ['row ', String(row)]) options.onText?.(row, piece);
      return rows.map((row) => `row ${row}`);
    },
  } as unknown as Partial<Core>;
  return { core, asked };
}

const minimal = ['generate', '--model', './model'];

describe('generate', () => {
  it('streams the one text, and hands over only the sampling that was asked for', async () => {
    const { core, asked } = fakeCore();
    const flags = ['--prompt', 'Once', '--temperature', '0.8', '--top-k', '40', '--max-new-tokens', '7'];
    const { stdout, exitCode } = await runWith([generate], [...minimal, ...flags], { core });
    expect([exitCode, stdout]).toEqual([0, 'row 0\n']);
    expect(asked[0]).toMatchObject({ rows: [{ prompt: 'Once' }], engine: 'auto' });
    expect(asked[0]?.sampling).toEqual({ temperature: 0.8, topK: 40, maxNewTokens: 7 });
  });

  it('hands on how the weights are to be quantised', async () => {
    const { core, asked } = fakeCore();
    await runWith([generate], [...minimal, '--prompt', 'Once', '--quantize', 'int8'], { core });
    expect(asked[0]?.training).toMatchObject({ quantize: 'int8' });
  });

  it('completes a file of rows, one after the other', async () => {
    const { core } = fakeCore();
    expect((await runWith([generate], [...minimal, '--data', 'r.jsonl'], { core })).stdout).toBe(
      '1  row 0\n2  row 1\n',
    );
    const { stdout } = await runWith([generate], [...minimal, '--data', 'r.jsonl', '--json'], { core });
    expect(stdout).toBe('{"outputs":["row 0","row 1"]}\n');
  });

  it('leaves out rows that may be invalid, and keeps their places', async () => {
    const { core, asked } = fakeCore();
    const flags = [...minimal, '--data', 'r.jsonl', '--skip-invalid', '1', '--json'];
    const { stdout, stderr } = await runWith([generate], flags, { core });
    expect(stderr).toContain('invalid: r.jsonl, row 1: It is none.');
    expect(lastJson(stdout)).toEqual({
      outputs: [null, 'row 0', 'row 1'],
      dropped: [{ file: 'r.jsonl', line: 1, reason: 'invalid', problem: 'It is none.' }],
    });
    expect(asked[0]).toMatchObject({ rows: ['r.jsonl'], training: { skipInvalid: 1 } });
  });

  it('writes what score --generated reads, a line for each row of the file', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'counterweight-generate-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const flags = [...minimal, '--data', 'r.jsonl', '--skip-invalid', '1', '--output', 'outputs.jsonl'];
    await runWith([generate], flags, { core: fakeCore().core, cwd });
    expect(readFileSync(`${cwd}/outputs.jsonl`, 'utf8')).toBe('null\n"row 0"\n"row 1"\n');
    const { core, asked } = fakeCore();
    const { exitCode, stderr } = await runWith([generate], flags, { core, cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('There is such a file already')]);
    expect(asked, 'before anything is generated').toEqual([]);
  });

  it('takes a row as JSON', async () => {
    const { core, asked } = fakeCore();
    const { stdout } = await runWith([generate], [...minimal, '--row', '{"prompt":"x"}', '--json'], { core });
    expect(lastJson(stdout)).toEqual({ outputs: ['row 0'] });
    expect(asked[0]?.rows).toEqual([{ prompt: 'x' }]);
  });

  it.each([
    [[], 'nothing to complete'],
    [['--prompt', 'a', '--row', '{}'], 'two ways to say one thing'],
    [['--row', '{a'], 'not JSON'],
    [['--prompt', 'a', '--recipe', 'support'], '--prompt is for the plain recipe'],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stderr } = await runWith([generate], [...minimal, ...flags], { core: fakeCore().core });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
