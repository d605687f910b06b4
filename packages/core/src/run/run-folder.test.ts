import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import type { StepMetrics } from '../training/events.ts';
import type { RunDescription } from './describe-run.ts';
import { assertSameRun, createRunFolder, reopenRunFolder } from './run-folder.ts';

const path = temporaryFolder();
let runs = 0;
const newPath = () => path(`run-${runs++}`);

const description = {
  recipe: { name: 'plain', options: { task: undefined } },
  model: { folder: 'tiny', family: 'llama' },
  training: { learningRate: 1e-3, maxSteps: undefined },
  seed: 1,
  steps: 10,
  engine: { name: 'wasm', description: 'WebAssembly' },
  versions: { node: 'v24' },
  inputs: { data: [{ file: 'rows.csv', sha256: 'a' }], evalData: [], model: [], tokenizer: [] },
} as unknown as RunDescription;

const metrics = (step: number) => ({ step, loss: 1 / step }) as StepMetrics;
const evaluation = {
  rows: 2,
  tokens: 9,
  loss: 1,
  promptLoss: null,
  completionLoss: 1,
  perplexity: Math.E,
  metrics: { bleu: 7 },
};
const lines = async (folder: string, file: string) => (await readFile(join(folder, file), 'utf8')).split('\n');
const stepsIn = async (folder: string, file: string) =>
  (await lines(folder, file)).filter(Boolean).map((line) => (JSON.parse(line) as { step: number }).step);

describe('a run folder', () => {
  it('holds run.json, a line a step, and a line an evaluation with its metrics beside the losses', async () => {
    const folder = newPath();
    const run = await createRunFolder(folder, description);
    await run.writeMetrics(metrics(1));
    await run.writeMetrics(metrics(2));
    await run.writeEvaluation(2, evaluation);
    expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))).toMatchObject({ seed: 1, steps: 10 });
    expect(await lines(folder, 'metrics.jsonl')).toEqual(['{"step":1,"loss":1}', '{"step":2,"loss":0.5}', '']);
    const { metrics: own, ...losses } = evaluation;
    expect(JSON.parse(await readFile(join(folder, 'evaluations.jsonl'), 'utf8'))).toEqual({
      step: 2,
      ...losses,
      ...own,
    });
  });
});

describe('a resumed run', () => {
  it('goes on after the step of its checkpoint, without what was logged later or cut short', async () => {
    const folder = newPath();
    const run = await createRunFolder(folder, description);
    for (let step = 1; step <= 5; step++) await run.writeMetrics(metrics(step));
    for (const step of [2, 4]) await run.writeEvaluation(step, evaluation);
    await appendFile(join(folder, 'metrics.jsonl'), '{"step":6,"lo');
    const reopened = await reopenRunFolder(folder, 3);
    await reopened.writeMetrics(metrics(4));
    expect(await stepsIn(folder, 'metrics.jsonl')).toEqual([1, 2, 3, 4]);
    expect(await stepsIn(folder, 'evaluations.jsonl')).toEqual([2]);
    expect(await lines(folder, 'metrics.jsonl')).toHaveLength(5);
  });

  it('begins anew when it was stopped before its first checkpoint, or its first line', async () => {
    const folder = newPath();
    const run = await createRunFolder(folder, description);
    await reopenRunFolder(folder, 0);
    await run.writeMetrics(metrics(1));
    await reopenRunFolder(folder, 0);
    expect(await stepsIn(folder, 'metrics.jsonl')).toEqual([]);
  });

  it('must be the same run', async () => {
    const folder = newPath();
    await createRunFolder(folder, description);
    await assertSameRun(folder, description);
    await assertSameRun(folder, { ...description, engine: { name: 'tfjs-node', description: '' }, versions: {} });
  });

  it.each([
    ['recipe', { recipe: { name: 'support', options: {} } }],
    ['training', { training: { learningRate: 2e-3 } }],
    ['inputs', { inputs: { ...description.inputs, data: [{ file: 'rows.csv', sha256: 'b' }] } }],
    ['seed', { seed: 2 }],
  ])('is refused with another %s', async (part, change) => {
    const folder = newPath();
    await createRunFolder(folder, description);
    const where = expect.stringContaining(`"${part}"`) as string;
    await expect(assertSameRun(folder, { ...description, ...change })).rejects.toMatchObject({
      code: 'option-invalid',
      where,
    });
  });
});
