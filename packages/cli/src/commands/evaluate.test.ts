import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { evaluate } from './evaluate.ts';

const evaluation = {
  rows: 2,
  tokens: 60,
  loss: 1.25,
  promptLoss: null,
  completionLoss: 1.25,
  perplexity: 3.49,
  metrics: { exactMatch: 0.5 },
};

/** A core that remembers what it was asked. */
function fakeCore() {
  const asked: Parameters<Core['evaluate']>[0][] = [];
  const core = {
    evaluate: async (options: Parameters<Core['evaluate']>[0]) => {
      asked.push(options);
      options.onProgress?.(2, 2);
      return evaluation;
    },
  } as unknown as Partial<Core>;
  return { core, asked };
}

const minimal = ['evaluate', '--model', './model', '--data', 'rows.jsonl'];

describe('evaluate', () => {
  it('prints the evaluation as JSON', async () => {
    const { core, asked } = fakeCore();
    const flags = ['--adapter', 'runs/x/adapter', '--prompt-loss-weight', '0.5', '--max-length', '128', '--json'];
    const { stdout } = await runWith([evaluate], [...minimal, ...flags], { core });
    expect(lastJson(stdout)).toEqual(evaluation);
    expect(asked[0]).toMatchObject({ adapter: 'runs/x/adapter', training: { promptLossWeight: 0.5, maxLength: 128 } });
  });

  it('hands on how outputs are sampled, and nothing that was not asked for', async () => {
    const { core, asked } = fakeCore();
    const flags = ['--samples', '5', '--temperature', '0.8', '--top-p', '0.95', '--seed', '3'];
    await runWith([evaluate], [...minimal, ...flags], { core });
    await runWith([evaluate], minimal, { core });
    const sampling = asked.map((options) => options.sampling);
    expect(sampling).toEqual([{ samples: 5, temperature: 0.8, topP: 0.95, seed: 3 }, { samples: 1 }]);
  });

  it('prints a table for people, with a dash where nothing was measured', async () => {
    const { stdout, stderr } = await runWith([evaluate], minimal, fakeCore());
    expect(stdout).toMatch(/prompt loss +–\n/);
    expect(stdout).toMatch(/exactMatch +0\.5000\n/);
    expect(stderr).toContain('evaluating 2/2');
  });
});
