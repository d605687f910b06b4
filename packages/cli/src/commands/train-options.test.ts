import { describe, expect, it } from 'vitest';
import { runWith } from '../test-support.ts';
import { fakeCore, minimal } from './test-support.ts';
import { train } from './train.ts';

describe('options of train', () => {
  it.each([
    [['--evaluate-every', '5'], /note: --evaluate-every changes nothing: there are no rows to evaluate on/],
    [
      ['--eval-split', '0.5', '--early-stopping-patience', '2', '--keep', 'best'],
      /note: --early-stopping-patience, --keep change nothing: there is one evaluation, at the end/,
    ],
    [['--method', 'full', '--lora-rank', '16', '--dora'], /note: --lora-rank, --dora change nothing: --method full/],
    [['--eval-data', './b.csv'], /note: \.\/b\.csv is in both --data and --eval-data/],
  ])('says what is probably not meant by %j', async (flags, note) => {
    const { core } = fakeCore();
    const { exitCode, stderr } = await runWith([train], [...minimal, '--output', 'runs/x', ...flags], { core });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(note)]);
  });

  it.each([
    [['--eval-data', 'c.csv', '--evaluate-every', '1']],
    [['--method', 'lora', '--lora-rank', '4', '--dora']],
    [['--method', 'full']],
  ])('says nothing of what is meant by %j', async (flags) => {
    const { core } = fakeCore();
    const { stderr } = await runWith([train], [...minimal, '--output', 'runs/x', ...flags], { core });
    expect(stderr).not.toContain('note:');
  });

  it('opens the trackers that are asked for, and none otherwise', async () => {
    const named = async (...flags: string[]) => {
      const { core, asked } = fakeCore();
      const { exitCode, stderr } = await runWith([train], [...minimal, '--output', 'runs/x', ...flags], { core });
      return { exitCode, stderr, trackers: asked[0]?.trackers?.map(({ name }) => name) };
    };
    expect(await named()).toMatchObject({ exitCode: 0, trackers: undefined });
    expect((await named('--tensorboard')).trackers).toEqual(['TensorBoard']);
    const both = await named('--tensorboard', 'logs', '--mlflow', 'http://localhost:5000', '--mlflow-experiment', 'a');
    expect(both.trackers).toEqual(['TensorBoard', 'MLflow']);
    expect(await named('--mlflow', 'localhost')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('not the address of an MLflow server'),
    });
    expect(await named('--mlflow-experiment', 'a')).toMatchObject({ exitCode: 2, trackers: undefined });
  });
});
