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
    [['--eval-data', 'c.csv', '--evaluate-every', '5']],
    [['--method', 'lora', '--lora-rank', '4', '--dora']],
    [['--method', 'full']],
  ])('says nothing of what is meant by %j', async (flags) => {
    const { core } = fakeCore();
    const { stderr } = await runWith([train], [...minimal, '--output', 'runs/x', ...flags], { core });
    expect(stderr).not.toContain('note:');
  });
});
