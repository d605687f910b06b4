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
      options.onProgress?.(2, 2, 'outputs');
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

  it('hands on how the weights are to be quantised', async () => {
    const { core, asked } = fakeCore();
    await runWith([evaluate], [...minimal, '--quantize', 'int4', '--quantize-embeddings'], { core });
    await runWith([evaluate], minimal, { core });
    expect(asked[0]?.training).toMatchObject({ quantize: 'int4', quantizeEmbeddings: true });
    // Then a GGUF file or an adapter decides.
    expect(asked[1]?.training).not.toHaveProperty('quantize');
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
    expect(stdout).toMatch(/prompt loss +– +↓\n/);
    expect(stdout).toMatch(/exactMatch +0\.5000 +↑\n/);
    expect(stderr).toContain('evaluating outputs 2/2');
    expect(stdout).not.toContain('cut');
  });

  it('says how many outputs were cut, and what helps where most were', async () => {
    const printed = async (change: object) => {
      const core = { evaluate: async () => ({ ...evaluation, ...change }) } as unknown as Partial<Core>;
      return (await runWith([evaluate], minimal, { core })).stdout;
    };
    const few = await printed({ outputs: 500, cutOutputs: 250 });
    expect(few).toMatch(/outputs cut +250 of 500\n/);
    expect(few).not.toContain('learnt to stop');
    const most = await printed({ outputs: 500, cutOutputs: 500 });
    expect(most).toContain('500 of 500 outputs were cut at 128 tokens');
    expect(most).toMatch(/--max-new-tokens.*--method full.*--modules-to-save embed_tokens/s);
  });

  it('shows a metric that failed, and why', async () => {
    const change = { metrics: {}, failedMetrics: { passAt1: 'no sandbox here' } };
    const core = { evaluate: async () => ({ ...evaluation, ...change }) } as unknown as Partial<Core>;
    const { stdout } = await runWith([evaluate], minimal, { core });
    expect(stdout).toMatch(/passAt1 +failed\n/);
    expect(stdout).toContain('passAt1 failed: no sandbox here');
  });

  it('hands on that rows are to be asked again, and shows what came of it', async () => {
    const { core, asked } = fakeCore();
    await runWith([evaluate], [...minimal, '--perturb', '--seed', '4'], { core });
    await runWith([evaluate], minimal, { core });
    expect(asked.map(({ perturb }) => perturb)).toEqual([{ seed: 4 }, undefined]);
    const exactMatch = { before: 0.5, after: 0.25, difference: -0.25, interval: [-0.3, -0.2] };
    const effect = { rows: 2, tooLong: 0, changed: 0.5, interval: [0.25, 0.75], metrics: { exactMatch } };
    const sensitivity = {
      rows: 2,
      changedShare: 0.25,
      interval: [0.1, 0.4],
      byPerturbation: { phrasing: effect, order: { ...effect, rows: 1, tooLong: 1, metrics: {} } },
    };
    const printed = async (change: object, ...flags: string[]) => {
      const core = { evaluate: async () => ({ ...evaluation, ...change }) } as unknown as Partial<Core>;
      return (await runWith([evaluate], [...minimal, '--perturb', ...flags], { core })).stdout;
    };
    const shown = await printed({ sensitivity });
    expect(shown).toContain('2 rows asked again: 25.0 % (10.0 % to 40.0 %) of the answers change');
    expect(shown).toMatch(/^ +other words +other order$/m);
    expect(shown).toMatch(/^ +too long +0 +1$/m);
    expect(shown).toMatch(/^ +answers changed +50\.0 % \(25\.0 % to 75\.0 %\)/m);
    expect(shown).toMatch(/^ +exactMatch +−0\.2500 \(−0\.3000 to −0\.2000\) +–$/m);
    expect(lastJson(await printed({ sensitivity }, '--json'))).toEqual({ ...evaluation, sensitivity });
    const none = { rows: 0, changedShare: null, interval: null, byPerturbation: {} };
    expect(await printed({ sensitivity: none })).toContain('No row was asked again');
  });

  it('hands on what an evaluation may cost, and where the outputs go', async () => {
    const { core, asked } = fakeCore();
    const flags = ['--max-eval-rows', '50', '--evaluate-losses-only', '--predictions', 'out.jsonl'];
    await runWith([evaluate], [...minimal, ...flags], { core, cwd: '/somewhere' });
    expect(asked[0]).toMatchObject({
      training: { maxEvalRows: 50, evaluateLossesOnly: true },
      predictions: '/somewhere/out.jsonl',
    });
  });
});
