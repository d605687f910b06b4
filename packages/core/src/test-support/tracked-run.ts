import type { RunDescription } from '../run/describe-run.ts';
import type { TrackedEnd, TrackedRun } from '../tracking/tracker.ts';
import type { TrainingEvent } from '../training/events.ts';
import { trainingOptionsSchema } from '../training/options.ts';

/** A run and its events, for tests of trackers: without a model. */
export const trackedRun = (folder: string, step = 0): TrackedRun => ({
  folder,
  step,
  description: {
    recipe: { name: 'support', options: { task: 'intent' } },
    model: { folder: '/models/tiny', family: 'llama', hub: { id: 'org/tiny', revision: 'main', commit: 'c0ffee' } },
    training: { ...trainingOptionsSchema.parse({}), promptLossWeight: 0.1, loraTargets: ['q_proj', 'v_proj'] },
    steps: 4,
    examples: { count: 12, lengths: 'f00' },
    engine: { name: 'wasm', description: 'WebAssembly' },
    versions: { counterweight: '1.2.3' },
    inputs: { data: [{ file: 'rows.csv', sha256: 'ab12' }], evalData: [], model: [], adapter: [], tokenizer: [] },
  } as unknown as RunDescription,
});

export const stepEvent = (step: number, loss: number | null = 1 / step): TrainingEvent => ({
  type: 'step',
  steps: 4,
  metrics: {
    ...{ step, epoch: step / 4, loss, promptLoss: 3, completionLoss: loss, roleLosses: {}, learningRate: 1e-3 },
    ...{ gradientNorm: 1, tokens: 100, weightSum: 50, tokensPerSecond: 10, stepSeconds: 0.1, residentBytes: 1e6 },
    ...(loss === null && { skipped: true }),
  },
});

export const evaluationEvent = (step: number, exactMatch: number): TrainingEvent => ({
  type: 'evaluation',
  step,
  evaluation: {
    ...{ rows: 5, tokens: 50, loss: 2, promptLoss: null, completionLoss: 1, perplexity: Math.E },
    metrics: { exactMatch },
  },
});

export const finished: TrackedEnd = { status: 'finished', steps: 4, resultStep: 4, evaluation: null };
