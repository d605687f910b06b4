import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastJson, runWith } from '../test-support.ts';
import { evaluation, fakeCore, minimal, stoppingCore } from './test-support.ts';
import { train } from './train.ts';

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-train-'));
afterAll(() => rmSync(cwd, { recursive: true }));

describe('train', () => {
  it('hands core what the user gave, with the defaults of the schema', async () => {
    const { core, asked } = fakeCore();
    const flags = ['--output', 'runs/x', '--lora-rank', '4', '--prompt-loss-weight', '0.1', '--eval-split', '0.2'];
    expect((await runWith([train], [...minimal, ...flags], { core })).exitCode).toBe(0);
    expect(asked[0]).toMatchObject({
      recipe: { name: 'plain' },
      model: './model',
      data: ['a.jsonl', 'b.csv'],
      evalSplit: 0.2,
      output: 'runs/x',
      resume: false,
      engine: 'auto',
      training: { loraRank: 4, promptLossWeight: 0.1, batchSize: 8 },
    });
  });

  it('names the config next, where that alone says which recipe it was', async () => {
    const { core } = fakeCore();
    const config = join(cwd, 'run.json');
    writeFileSync(config, JSON.stringify({ recipe: 'support', recipeOptions: { task: 'intent' } }));
    const argv = ['train', '--config', config, '--model', './model', '--data', 'a.csv', '--output', 'runs/x'];
    const { stdout } = await runWith([train], argv, { core });
    expect(stdout).toContain(`counterweight evaluate --config ${config} --model`);
    expect(stdout).not.toContain('--recipe');
    const other = await runWith([train], [...argv, '--task', 'next-action'], { core });
    expect(other.stdout).toContain(`evaluate --recipe support --recipe-options '{"task":"next-action"}'`);
  });

  it('says what is asked for too rarely to happen', async () => {
    const flags = ['--output', 'runs/x', '--evaluate-every', '8000', '--checkpoint-every', '1'];
    const { stderr } = await runWith([train], [...minimal, ...flags], { core: fakeCore().core });
    expect(stderr).toMatch(/note: --evaluate-every 8000 is never reached: the run has \d+ steps?\n/);
    expect(stderr).not.toContain('--checkpoint-every 1 ');
  });

  it('prints run, steps and evaluation as JSON', async () => {
    const { core } = fakeCore();
    const { stdout } = await runWith([train], [...minimal, '--output', 'runs/x', '--json'], { core });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(lastJson(stdout)).toEqual({ run: join(process.cwd(), 'runs/x'), steps: 1, evaluation: evaluation(0.8) });
  });

  it('prints the result whose evaluation failed, and exits with 1', async () => {
    const { core } = fakeCore({ evaluation: null, evaluationFailure: 'no sandbox here' });
    const { exitCode, stdout, stderr } = await runWith([train], [...minimal, '--output', 'runs/x', '--json'], { core });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('result is saved, but its evaluation failed: no sandbox'),
    ]);
    const run = join(process.cwd(), 'runs/x');
    expect(lastJson(stdout)).toEqual({ run, steps: 1, evaluation: null, evaluationError: 'no sandbox here' });
    const spoken = await runWith([train], [...minimal, '--output', 'runs/x'], { core });
    expect(spoken.stdout).toContain('The run is in runs/x');
  });

  it('says of which step the result is, where that is not the last', async () => {
    const { core } = fakeCore({ steps: 9, resultStep: 4 });
    const { stdout } = await runWith([train], [...minimal, '--output', 'runs/x'], { core });
    expect(stdout).toContain('9 steps. The result is what it was after step 4, the best.');
  });

  it('tells what is trained on, and before and after side by side', async () => {
    const { core } = fakeCore();
    const { stdout, stderr } = await runWith([train], [...minimal, '--method', 'full', '--output', 'runs/x'], { core });
    expect(stderr).toMatch(/engine +an engine/);
    expect(stderr).toMatch(
      /1 row invalid\s+invalid: r\.csv, row 7 \(line 9\): No answer\.\s+not evaluated +1 row invalid\s+invalid: e\.csv, row 2 \(line 3\)/,
    );
    expect(stderr).toMatch(/data +4,000 examples from a\.jsonl, b\.csv\s+left out +2 rows whose answer is longer than/);
    expect(stderr).toMatch(/not used +category in 3 rows/);
    expect(stderr).toMatch(/duplicates +2 rows the same as an earlier one, 1 row to evaluate on too/);
    expect(stderr).toMatch(/weights +prompt 0 \(the recipe's\), template 0, completion 1/);
    expect(stdout).toMatch(/before +after\n/);
    expect(stdout).toMatch(/exactMatch +0\.0000 +0\.8000 +↑\n/);
    expect(stdout).toContain('--model runs/x/model');
  });

  it('names the run folder after recipe and time', async () => {
    const { core, asked } = fakeCore();
    await runWith([train], minimal, { core, cwd });
    expect(asked[0]?.output).toMatch(/^runs\/plain-\d{8}-\d{6}$/);
  });

  it('exits with 130 after Ctrl-C, and says how to go on', async () => {
    const argv = [...minimal, '--output', 'runs/x'];
    const stopping = stoppingCore((reason) => {
      throw reason;
    });
    const { exitCode, stderr, stdout } = await runWith([train], [...argv, '--json'], stopping);
    expect(exitCode).toBe(130);
    const message = 'Stopped after step 1. Go on with the same command and --output runs/x --resume.';
    expect(stderr).toContain(message);
    const run = join(process.cwd(), 'runs/x');
    expect(lastJson(stdout)).toEqual({ error: { code: 'interrupted', message, signal: 'SIGINT', run, step: 1 } });
  });

  it('tells a real error after Ctrl-C as what it is', async () => {
    const full = stoppingCore(() => {
      throw new Error('no space left on device');
    });
    const { exitCode, stderr } = await runWith([train], minimal, { ...full, cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('no space left on device')]);
  });

  it('tells of the whole run where the signal came while it was saved', async () => {
    const { exitCode, stdout } = await runWith([train], [...minimal, '--json'], { ...stoppingCore(() => {}), cwd });
    expect(exitCode).toBe(130);
    expect(lastJson(stdout)).toMatchObject({ error: { code: 'interrupted', steps: 1, evaluation: evaluation(0.8) } });
  });

  it.each([
    [['--eval-split', '0.1', '--eval-data', 'c.csv'], 'two sources of rows'],
    [['--prompt-loss-weight', '1', '--prompt-loss-fraction', '0.5'], 'said twice'],
    [['--resume'], 'no run to go on with'],
  ])('refuses %j', async (flags, message) => {
    const { core, asked } = fakeCore();
    const { exitCode, stderr } = await runWith([train], [...minimal, ...flags], { core });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(asked).toEqual([]);
  });
});
