import { join } from 'node:path';
import type { Evaluation, FineTuneResult, TrainingEvent } from '@counterweight/core';
import type { Core } from '../core.ts';
import { Interrupted } from '../signals.ts';
import type { TestWorld } from '../test-support.ts';

/** For tests of `train`: a core that trains one step of nothing. */

export const evaluation = (exactMatch: number): Evaluation => ({
  rows: 500,
  tokens: 20_000,
  loss: 1.5,
  promptLoss: 3,
  completionLoss: 1 - exactMatch,
  perplexity: 2,
  metrics: { exactMatch },
});

export const stepMetrics = {
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

/** A core that trains one step, and remembers what it was asked. */
export function fakeCore(change: Partial<FineTuneResult> = {}) {
  const asked: Parameters<Core['fineTune']>[0][] = [];
  const core = {
    openEngine: async () => ({
      name: 'wasm',
      description: 'an engine',
      fusedKernels: false,
    }),
    fineTune: async (options: Parameters<Core['fineTune']>[0]) => {
      asked.push(options);
      const events: TrainingEvent[] = [
        {
          type: 'start',
          steps: 1,
          generationRatio: 0.2,
          examples: 4000,
          dropped: { 'answer-too-long': 2, invalid: 1 },
          invalid: [{ file: 'r.csv', line: 9, row: 7, reason: 'invalid', problem: 'No answer.' }],
          evaluationDropped: [{ file: 'e.csv', line: 3, row: 2, reason: 'invalid', problem: 'None either.' }],
          trainableParameters: 260_032,
          precision: 'f32',
          memory,
          unused: { category: 3 },
          duplicates,
        },
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
export function stoppingCore(end: (reason: unknown) => void): Pick<TestWorld, 'core' | 'signal'> {
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

export const minimal = ['train', '--model', './model', '--data', 'a.jsonl', 'b.csv'];
