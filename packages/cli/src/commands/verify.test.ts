import type { CheckResult, Verification } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { verify } from './verify.ts';

const check = (name: string, result: Partial<CheckResult>): CheckResult => ({
  ...{ name, pass: true, difference: 0 },
  ...{ claim: `what ${name} holds`, tolerance: 0, reason: 'a reason' },
  ...result,
});

const checks = [
  check('packing', { difference: 6.4268e-7, tolerance: 3.43e-5 }),
  check('resume', {}),
  check('merged', { pass: null, difference: null, skipped: 'there is no adapter' }),
];
const failing = check('export', {
  ...{ pass: false, difference: 0.0312, tolerance: 3.43e-5 },
  found: 'a weight: 1 becomes 2',
  meaning: 'What lies on the disk is not the model that was trained, which is a long sentence for a narrow terminal.',
});

interface Asked {
  verify?: Parameters<Core['verify']>[0] | undefined;
  verifyRun?: Parameters<Core['verifyRun']>[0];
}

function fakeCore(made: readonly CheckResult[]) {
  const asked: Asked = {};
  const verification: Verification = { pass: made.every(({ pass }) => pass !== false), checks: made };
  const looked = { rows: 8, of: 2000, tokens: 515, shortest: 47, longest: 127 };
  const core: Partial<Core> = {
    async verify(options) {
      asked.verify = options as Asked['verify'];
      options.onBegin?.({ ...looked, engine: 'an engine', precision: 'f32' });
      for (const one of made) options.onCheck?.(one);
      return { ...verification, looked };
    },
    async verifyRun(options) {
      asked.verifyRun = options;
      for (const one of made) options.onCheck?.(one);
      return verification;
    },
  };
  return { core, asked };
}

const command = ['verify', '--model', 'm', '--data', 'rows.jsonl'];

describe('verify', () => {
  it('has a line for every check, and says how it came out', async () => {
    const { core, asked } = fakeCore(checks);
    const argv = [...command, '--method', 'lora', '--dora', '--max-length', '64', '--prompt-loss-weight', '0.1'];
    const { exitCode, stdout } = await runWith([verify], argv, { core });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'Verifying plain on 8 of 2,000 rows with 47 to 127 tokens; DoRA of rank 16, in f32',
        'an engine',
        '',
        '  ✓ packing          6.4e-7  what packing holds',
        '  ✓ resume             same  what resume holds',
        '  – merged                   skipped: there is no adapter',
        '',
        'All 2 checks passed; 1 could not be made here.',
        "Numbers are parts of a loss, or of the gradient's length; rounding explains up to 3.4e-5.",
        '',
      ].join('\n'),
    );
    expect(asked.verify).toMatchObject({ model: 'm', data: ['rows.jsonl'] });
    expect(asked.verify?.training).toMatchObject({ dora: true, maxLength: 64, promptLossWeight: 0.1 });
  });

  it('says what differs, what it means, and ends with 1, with the JSON object', async () => {
    const { core } = fakeCore([...checks, failing]);
    const told = await runWith([verify], command, { core });
    expect(told.exitCode).toBe(1);
    expect(told.stdout).toContain(
      [
        '  ✗ export           0.0312  what export holds',
        '    a weight: 1 becomes 2 (rounding explains 3.4e-5)',
        '    What lies on the disk is not the model that was trained, which is a long',
        '    sentence for a narrow terminal.',
        '',
      ].join('\n'),
    );
    expect(told.stderr).toBe('error: 1 of 3 checks failed: export; 1 could not be made here\n');
    const json = await runWith([verify], [...command, '--json'], { core });
    expect(json.exitCode).toBe(1);
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(lastJson(json.stdout)).toMatchObject({
      pass: false,
      checks: [
        { name: 'packing', pass: true, difference: 6.4268e-7 },
        { name: 'resume', pass: true, difference: 0 },
        { name: 'merged', pass: null, difference: null, skipped: 'there is no adapter' },
        { name: 'export', pass: false, difference: 0.0312, found: 'a weight: 1 becomes 2' },
      ],
    });
  });

  it('checks a finished run, whose recipe and engine alone may be named', async () => {
    const { core, asked } = fakeCore(checks);
    const { exitCode, stdout } = await runWith([verify], ['verify', 'runs/first', '--recipe', './mine.ts', '--json'], {
      core,
      cwd: import.meta.dirname,
    });
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('mine.ts')]);
    const found = await runWith([verify], ['verify', 'runs/first', '--engine', 'wasm'], { core });
    expect(found.exitCode).toBe(0);
    expect(asked.verifyRun).toMatchObject({ run: 'runs/first', engine: 'wasm' });
    expect(asked.verifyRun).not.toHaveProperty('recipe');
    const plain = await asked.verifyRun?.findRecipe?.({ recipe: 'plain' });
    expect(plain).toMatchObject({ recipe: { name: 'plain' }, source: undefined });
    const other = await runWith([verify], ['verify', 'runs/first', '--model', 'm'], { core });
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('where: --model');
  });

  it.each([
    [['verify'], 'There is nothing to verify'],
    [['verify', '--model', 'm'], '--data is missing'],
    [['verify', '--data', 'rows.jsonl'], '--model is missing'],
  ])('asks for what is missing: %j', async (argv, problem) => {
    const { exitCode, stderr } = await runWith([verify], argv, fakeCore(checks));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });
});
