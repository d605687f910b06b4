import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { generate } from './generate.ts';

/** A core that answers every row with its number, in two pieces. */
function fakeCore() {
  const asked: Parameters<Core['generate']>[0][] = [];
  const core = {
    readRows: async () => [{ value: { prompt: 'a' } }, { value: { prompt: 'b' } }],
    generate: async (options: Parameters<Core['generate']>[0]) => {
      asked.push(options);
      for (const row of options.rows.keys()) for (const piece of ['row ', String(row)]) options.onText?.(row, piece);
      return options.rows.map((_, row) => `row ${row}`);
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

  it('completes a file of rows, one after the other', async () => {
    const { core } = fakeCore();
    expect((await runWith([generate], [...minimal, '--data', 'r.jsonl'], { core })).stdout).toBe(
      '1  row 0\n2  row 1\n',
    );
    const { stdout } = await runWith([generate], [...minimal, '--data', 'r.jsonl', '--json'], { core });
    expect(stdout).toBe('{"outputs":["row 0","row 1"]}\n');
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
