import type { CheckedAnswer } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { exportCommand } from './export.ts';

const answer = (row: number, verdict: CheckedAnswer['verdict'], theirs = 'card arrival'): CheckedAnswer => ({
  ...{ row, verdict, theirs, prompt: 'Where is it?', ours: 'card arrival' },
});

/** A core that writes nothing, and whose llama.cpp gives these answers. */
function exporting(answers: readonly CheckedAnswer[], type: 'f16' | 'q4_1' = 'f16') {
  const asked: object[] = [];
  const core: Partial<Core> = {
    assertLlamaServer: (program) => void asked.push({ program }),
    exportModel: async ({ signal, ...options }) => {
      asked.push(options);
      return { output: '/here/runs/a/m.gguf', modelfile: '/here/runs/a/m.Modelfile', type, bytes: 2_000_000 };
    },
    checkGguf: async ({ signal, findRecipe, ...options }) => {
      asked.push(options);
      return { pass: answers.every(({ verdict }) => verdict === 'same' || verdict === 'near-tie'), answers };
    },
  };
  const run = (...argv: string[]) => runWith([exportCommand], ['export', ...argv], { core, cwd: '/here' });
  return { asked, run };
}

describe('export', () => {
  it('names the file and its Modelfile, and checks nothing unasked', async () => {
    const { asked, run } = exporting([]);
    const { exitCode, stdout } = await run('runs/a', '--to', 'gguf');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Written to runs/a/m.gguf: 2.0 MB, weights in f16\n');
    expect(stdout).toContain('ollama create NAME -f runs/a/m.Modelfile\n');
    expect(asked).toEqual([expect.objectContaining({ to: 'gguf' })]);
  });

  it('looks for llama.cpp first, and tells of each answer that is not the same', async () => {
    const { asked, run } = exporting([answer(1, 'same'), answer(2, 'near-tie', 'card lost')]);
    const flags = ['runs/a', '--to', 'gguf', '--check', '--llama-server', '/opt/llama-server'];
    const { exitCode, stdout } = await run(...flags);
    expect(exitCode).toBe(0);
    expect(asked.at(0)).toEqual({ program: '/opt/llama-server' });
    expect(asked.at(-1)).toEqual({
      run: '/here/runs/a',
      file: '/here/runs/a/m.gguf',
      llamaServer: '/opt/llama-server',
    });
    expect(stdout).toContain("In llama.cpp 1 of 2 answers to held-out rows is the run's own");
    expect(stdout).toMatch(/row 2: parts where two tokens .*\n.*ours +"card arrival"\n.*theirs "card lost"/);
    const json = lastJson((await run(...flags, '--json')).stdout);
    expect(json).toMatchObject({ check: { pass: true, answers: [{ verdict: 'same' }, { theirs: 'card lost' }] } });
  });

  it('fails where an answer is another, and says what rounded weights may have to do with it', async () => {
    const flags = ['runs/a', '--to', 'gguf', '--check'];
    const failed = await exporting([answer(1, 'goes-on')]).run(...flags);
    expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('goes on where ours stops') });
    expect(failed.stderr).not.toContain('rounded');
    expect((await exporting([answer(1, 'differs')], 'q4_1').run(...flags)).stderr).toContain('--type f16');
  });

  it('checks GGUF files of runs only', async () => {
    const { asked, run } = exporting([]);
    for (const flags of [
      ['runs/a', '--to', 'onnx'],
      ['--model', 'm', '--to', 'gguf', '--output', 'x'],
    ]) {
      const refused = await run(...flags, '--check');
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--check') });
    }
    expect(asked).toEqual([]);
  });
});
