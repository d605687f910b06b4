import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PredictionRecord, predictionsFile } from '../../evaluation/predictions.ts';
import type { RunDescription } from '../../run/describe-run.ts';
import type { EvaluationAtStep } from '../../run/evaluation-line.ts';
import { evaluationLine } from '../../run/evaluation-line.ts';
import { FORGETTING, type Forgetting } from '../../run/measure-forgetting.ts';
import type { StepMetrics } from '../../training/events.ts';
import { trainingOptionsSchema } from '../../training/options.ts';
import type { PreviewExample } from '../token-runs.ts';

/** A run folder as a training leaves it, with what a test wants to be different. */
export interface SimulatedRun {
  readonly description?: Partial<RunDescription>;
  readonly steps?: readonly StepMetrics[];
  readonly evaluations?: readonly (EvaluationAtStep & { readonly predictions?: readonly PredictionRecord[] })[];
  readonly examples?: readonly PreviewExample[];
  readonly forgetting?: Forgetting;
  /** Whether it came to its end. Default: it did. */
  readonly finished?: boolean;
  /** Behind the last line of metrics.jsonl. */
  readonly tail?: string;
}

export const description: RunDescription = {
  recipe: {
    name: 'support',
    options: { task: 'name-the-problem' },
    metrics: [
      {
        name: 'exactMatch',
        direction: 'higher-is-better',
        definition: 'Share of outputs that equal the problem.',
        headline: true,
      },
      { name: 'macroF1', direction: 'higher-is-better', definition: 'Mean F1 of the labels.' },
      { name: 'unknownLabels', direction: 'lower-is-better', definition: 'Share of outputs that are no label.' },
    ],
    defaults: {
      promptLossWeight: 0.1,
      promptLossWeightReason: 'short answers',
      generationRatio: 0.26,
      maxLength: 512,
      maxNewTokens: 32,
    },
  },
  model: { folder: '/models/stories', family: 'llama' },
  training: {
    ...trainingOptionsSchema.parse({}),
    ...{ loraRank: 4, promptLossWeight: 0.1, maxLength: 512, learningRate: 2e-4, precision: 'f32' },
  },
  seed: 7,
  steps: 100,
  examples: { count: 10, lengths: 'abc' },
  engine: { name: 'wasm', description: 'WebAssembly' },
  versions: { counterweight: '0.0.0', node: 'v24' },
  inputs: {
    data: [{ file: 'rows.csv', path: '/rows.csv', sha256: 'abcdef0123456789' }],
    ...{ evalData: [], model: [], adapter: [], tokenizer: [] },
  },
  receipt: {
    ...{ rows: 12, kept: 10, cut: 1, cutTokens: 40, cutAnswers: 0 },
    dropped: [
      { file: 'rows.csv', line: 3, reason: 'too-long' },
      { file: undefined, line: 9, reason: 'too-long' },
    ],
    ...{ promptTokens: 900, completionTokens: 100, generationRatio: 100 / 900, promptWeightShare: 0.47 },
    tallies: { 'phone numbers masked': 3 },
    unused: { category: 12 },
    duplicates: { exact: 4, inEvaluation: { exact: 2, near: 1, dropped: 3 } },
    lengths: { median: 100, p90: 110, p99: 120, longest: 130 },
  },
  baseline: { name: 'the most frequent problem', metrics: { exactMatch: 0.1 } },
};

export const stepMetrics = (step: number, changes: Partial<StepMetrics> = {}): StepMetrics => ({
  ...{ step, epoch: 0, loss: 2 / step, promptLoss: 3 / step, completionLoss: 1 / step, roleLosses: {} },
  ...{ learningRate: 1e-3, gradientNorm: 1 + Math.sin(step * step) / 2, tokens: 100, weightSum: 10 },
  ...{ tokensPerSecond: 5000, stepSeconds: 0.02, residentBytes: 1e8 },
  ...changes,
});

export const manySteps = (count: number): StepMetrics[] => Array.from({ length: count }, (_, i) => stepMetrics(i + 1));

/** Rows whose answers are labels; `right` of them are answered as they are to be. */
export const predictions = (count: number, right: number): PredictionRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const reference = ['card arrival', 'card lost', 'top up'][i % 3] as string;
    const output = i < right ? reference : 'once upon a time';
    return {
      ...{ row: i + 1, prompt: `Customer: message ${i + 1}`, reference, output, cut: i >= right },
      labels: { reference, output },
      scores: { exactMatch: Number(i < right) },
    };
  });

/** An evaluation of so many rows, of which `right` are answered well. */
export const evaluated = (step: number, count: number, right: number) => ({
  step,
  evaluation: {
    ...{ rows: count, tokens: 100 * count, loss: 1.5, promptLoss: null, completionLoss: 1.25, perplexity: 3.49 },
    ...{ outputs: count, cutOutputs: count - right, metrics: { exactMatch: right / count } },
  },
  predictions: predictions(count, right),
});

const distance = (relative: number) => ({ l1: 1, l2: 1, relative });

export const forgetting: Forgetting = {
  ...{ neutralLossBefore: 2, neutralLoss: 2 + Math.log(1.5), klBase: 0.25, neutralTokens: 900 },
  distance: {
    whole: distance(0.02),
    layers: { 'model.embed_tokens': distance(0.03), 'layers.0': distance(0.02), 'layers.1': distance(0.01) },
  },
};

export async function writeRun(folder: string, run: SimulatedRun = {}): Promise<void> {
  const { forgetting, steps = manySteps(100), evaluations = [], examples = [], finished = true, tail = '' } = run;
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await mkdir(folder, { recursive: true });
  await write('run.json', JSON.stringify({ ...description, ...run.description }));
  await write('metrics.jsonl', lines(steps) + tail);
  await write('evaluations.jsonl', lines(evaluations.map(evaluationLine)));
  await write('examples.json', JSON.stringify(examples));
  if (forgetting) await write(FORGETTING, JSON.stringify(forgetting));
  const [step] = [steps.at(-1)?.step ?? 0];
  const machine = { platform: 'linux-x64', cpuModel: 'EPYC', cpuCount: 2, totalBytes: 16e9 };
  const command = "counterweight train --recipe support --model './my model'";
  await write(
    'history.jsonl',
    lines([
      { what: 'began', time: '2026-11-28T14:03:00.000Z', step: 0, command, machine },
      ...(finished ? [{ what: 'ended', time: '2026-11-28T14:04:12.000Z', step }] : []),
    ]),
  );
  if (finished) {
    await write(
      'result.json',
      JSON.stringify({ format: 1, steps: step, resultStep: step, outputs: [{ file: 'a', sha256: 'b' }] }),
    );
  }
  for (const { step, predictions = [] } of evaluations) await write(predictionsFile(step), lines(predictions));
}
