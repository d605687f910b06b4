import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evaluation, FineTuneResult, TrainingEvent } from '@counterweight/core';
import { afterAll, describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { Interrupted } from '../signals.ts';
import { lastJson, runWith } from '../test-support.ts';
import { train } from './train.ts';

const evaluation = (exactMatch: number): Evaluation => ({
  rows: 500,
  tokens: 20_000,
  loss: 1.5,
  promptLoss: 3,
  completionLoss: 1 - exactMatch,
  perplexity: 2,
  metrics: { exactMatch },
});

const stepMetrics = {
  step: 1,
  epoch: 0,
  loss: 2.5,
  promptLoss: 3,
  completionLoss: 2,
  roleLosses: { user: 3, assistant: 2 },
  learningRate: 1e-3,
  gradientNorm: 1,
  tokens: 100,
  weightSum: 50,
  tokensPerSecond: 7400,
  stepSeconds: 0.1,
  residentBytes: 1,
};

const ofStep = { optimizer: 3e6, activations: 8e7, transient: 2e7 };
const memory = { ...ofStep, baseline: 4e8, evaluation: 0, total: 503e6, inEngine: 2e8 };
const duplicates = { exact: 2, inEvaluation: { exact: 1, dropped: 0 } };
const rows = { examples: 4000, dropped: { 'answer-too-long': 2 }, duplicates };

/** A core that trains one step, and remembers what it was asked. */
function fakeCore(change: Partial<FineTuneResult> = {}) {
  const asked: Parameters<Core['fineTune']>[0][] = [];
  const core = {
    openEngine: async () => ({
      name: 'wasm',
      description: 'an engine',
      fastTransposedProducts: false,
      fusedKernels: false,
      bfloat16Products: false,
    }),
    fineTune: async (options: Parameters<Core['fineTune']>[0]) => {
      asked.push(options);
      const events: TrainingEvent[] = [
        { type: 'start', steps: 1, trainableParameters: 260_032, memory, ...rows },
        { type: 'evaluation', step: 0, evaluation: evaluation(0) },
        { type: 'step', steps: 1, metrics: stepMetrics },
        { type: 'checkpoint', step: 1, folder: 'RUN/checkpoints/step-000001' },
        { type: 'evaluation', step: 1, evaluation: evaluation(0.8) },
      ];
      for (const event of events) options.onEvent?.(event);
      return {
        run: join(process.cwd(), options.output),
        steps: 1,
        resultStep: 1,
        evaluation: evaluation(0.8),
        evaluationBefore: evaluation(0),
        evaluationFailure: null,
        ...change,
      };
    },
  } as unknown as Partial<Core>;
  return { core, asked };
}

/** The same, with a signal after the first step; then it ends as the test wants. */
function stoppingCore(end: (reason: unknown) => void) {
  const controller = new AbortController();
  const { core } = fakeCore();
  const fineTune = async (options: Parameters<Core['fineTune']>[0]) => {
    const result = await (core as Core).fineTune(options);
    controller.abort(new Interrupted('SIGINT'));
    end(controller.signal.reason);
    return result;
  };
  return { core: { ...core, fineTune } as Partial<Core>, signal: controller.signal };
}

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-train-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const minimal = ['train', '--model', './model', '--data', 'a.jsonl', 'b.csv'];

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

  it('writes every event as a line, to a file or before the JSON object', async () => {
    const { core } = fakeCore();
    const argv = [...minimal, '--output', 'runs/x', '--json'];
    await runWith([train], [...argv, '--events', 'events.jsonl'], { core, cwd });
    const lines = readFileSync(join(cwd, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as TrainingEvent).type);
    expect(types).toEqual(['start', 'evaluation', 'step', 'checkpoint', 'evaluation']);
    expect(JSON.parse(lines[2] ?? '')).toEqual({ type: 'step', steps: 1, metrics: stepMetrics });
    const { stdout } = await runWith([train], [...argv, '--events', '-'], { core, cwd });
    const { run } = lastJson(stdout) as { run: string };
    expect([stdout.trimEnd().split('\n').slice(0, -1), run]).toEqual([lines, join(process.cwd(), 'runs/x')]);
    const spoken = await runWith([train], [...minimal, '--output', 'runs/x', '--events', '-'], { core, cwd });
    expect(spoken.stdout.trimEnd().split('\n')).toEqual(lines);
    expect(spoken.stderr).toContain('1 steps. The run is in');
  });

  it('appends to the events of the run that it goes on with, and says where none can be written', async () => {
    const { core } = fakeCore();
    const argv = [...minimal, '--output', 'runs/x', '--events'];
    for (const flags of [['more.jsonl'], ['more.jsonl', '--resume']]) {
      await runWith([train], [...argv, ...flags], { core, cwd });
    }
    expect(readFileSync(join(cwd, 'more.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(10);
    const { exitCode, stderr } = await runWith([train], [...argv, 'none/such.jsonl'], { core, cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be opened')]);
  });

  it('tells what is trained on, and before and after side by side', async () => {
    const { core } = fakeCore();
    const { stdout, stderr } = await runWith([train], [...minimal, '--method', 'full', '--output', 'runs/x'], { core });
    expect(stderr).toMatch(/engine +an engine/);
    expect(stderr).toMatch(/data +4,000 examples from a\.jsonl, b\.csv\s+left out +2 rows whose answer is longer than/);
    expect(stderr).toMatch(/duplicates +2 rows the same as an earlier one, 1 row to evaluate on too/);
    expect(stderr).toMatch(/weights +prompt 0 \(the recipe's\), template 0, completion 1/);
    expect(stdout).toMatch(/before +after\n/);
    expect(stdout).toMatch(/exactMatch +0\.0000 +0\.8000\n/);
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
    [['--evaluate-every', '5'], /note: --evaluate-every changes nothing: there are no rows to evaluate on/],
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
