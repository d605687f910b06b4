import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PredictionRecord } from '../../packages/core/src/evaluation/predictions.ts';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';
import { counterweight, evaluationRows, model, newFolder, readLines, trainingRows } from './command.ts';

/** The first rows of a CSV fixture, as a file of their own: enough to see learning, quick on WebAssembly. */
function firstRows(folder: string, file: string, rows: number): string {
  const path = join(folder, `first-${rows}.csv`);
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, rows + 1);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const METRICS = [
  'step',
  'epoch',
  'loss',
  'promptLoss',
  'completionLoss',
  'learningRate',
  'gradientNorm',
  'tokens',
].concat(['weightSum', 'tokensPerSecond', 'stepSeconds', 'residentBytes', 'roleLosses']);

describe.each(await enginesToTest())('on %s', (engine) => {
  const task = ['--recipe', 'support', '--model', model, '--engine', engine, '--precision', 'f32'];

  it('trains a whole model, and what it leaves loads again', async () => {
    const folder = newFolder();
    const output = join(folder, 'run');
    const evalData = firstRows(folder, evaluationRows, 20);
    const settings = ['--method', 'full', '--learning-rate', '3e-3', '--batch-size', '16', '--max-steps', '20'];
    const before = await counterweight(['evaluate', ...task, '--data', evalData, '--json']);
    const trained = await counterweight([
      'train',
      ...task,
      ...settings,
      '--data',
      trainingRows,
      '--eval-data',
      evalData,
      '--output',
      output,
      '--json',
    ]);
    expect(trained.code, trained.stderr).toBe(0);
    const result = trained.json() as { run: string; steps: number; evaluation: { completionLoss: number } };
    expect(result).toMatchObject({ run: output, steps: 20 });
    expect(result.evaluation.completionLoss).toBeLessThan(0.5 * (before.json().completionLoss as number));
    expect(readdirSync(output).sort()).toEqual([
      'evaluations.jsonl',
      'examples.json',
      'history.jsonl',
      'metrics.jsonl',
      'model',
      'predictions-000000.jsonl',
      'predictions-000020.jsonl',
      'report.html',
      'result.json',
      'run.json',
    ]);
    const predictions = readLines(join(output, 'predictions-000020.jsonl')) as unknown as PredictionRecord[];
    expect(predictions.map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(Object.keys(predictions[0] ?? {})).toEqual([
      'row',
      'prompt',
      'reference',
      'output',
      'cut',
      'labels',
      'scores',
    ]);
    expect(result.evaluation).toMatchObject({
      outputs: 20,
      cutOutputs: predictions.filter(({ cut }) => cut).length,
      metrics: { exactMatch: predictions.filter(({ scores }) => scores.exactMatch === 1).length / 20 },
    });
    expect(readdirSync(join(output, 'model'))).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']),
    );
    const steps = readLines(join(output, 'metrics.jsonl'));
    expect(steps.map((line) => line.step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(Object.keys(steps[0] ?? {})).toEqual(METRICS);

    const after = await counterweight([
      'evaluate',
      ...task,
      '--model',
      join(output, 'model'),
      '--data',
      evalData,
      '--json',
    ]);
    expect(after.code, after.stderr).toBe(0);
    expect(Object.keys(after.json())).toEqual([
      'rows',
      'tokens',
      'loss',
      'promptLoss',
      'completionLoss',
      'perplexity',
      'outputs',
      'cutOutputs',
      'metrics',
      'standardErrors',
    ]);
    expect(after.json().completionLoss).toBeCloseTo(result.evaluation.completionLoss, 4);
  });

  it.each([
    { name: 'an adapter', kind: [], told: { loraPlusRatio: 1, dora: false } },
    { name: 'an adapter with LoRA+', kind: ['--lora-plus-ratio', '16'], told: { loraPlusRatio: 16 } },
    { name: 'a DoRA adapter', kind: ['--dora'], told: { dora: true } },
  ])('trains $name, goes on after an interruption as if nothing had happened, and uses it', async ({ kind, told }) => {
    const folder = newFolder();
    const data = firstRows(folder, trainingRows, 60);
    const settings = [
      '--learning-rate',
      '1e-2',
      '--lora-rank',
      '4',
      '--batch-size',
      '4',
      '--gradient-accumulation',
      '2',
      ...kind,
    ];
    const train = (output: string, ...more: string[]) =>
      counterweight([
        'train',
        ...task,
        ...settings,
        '--data',
        data,
        '--epochs',
        '1',
        '--checkpoint-every',
        '3',
        '--output',
        output,
        ...more,
      ]);
    const whole = join(folder, 'whole');
    expect((await train(whole)).code).toBe(0);
    expect(JSON.parse(readFileSync(join(whole, 'run.json'), 'utf8')).training).toMatchObject(told);

    // The same run, as if it had been killed in step 5: the checkpoint of step 3, and a metrics line cut short.
    const cut = join(folder, 'cut');
    expect((await train(cut)).code).toBe(0);
    const lines = readFileSync(join(cut, 'metrics.jsonl'), 'utf8').split('\n');
    writeFileSync(join(cut, 'metrics.jsonl'), `${lines.slice(0, 4).join('\n')}\n${lines[4]?.slice(0, 20)}`);
    rmSync(join(cut, 'checkpoints/step-000006'), { recursive: true });
    rmSync(join(cut, 'adapter'), { recursive: true });
    const resumed = await train(cut, '--resume');
    expect(resumed.code, resumed.stderr).toBe(0);

    const lossesOf = (run: string) => readLines(join(run, 'metrics.jsonl')).map(({ step, loss }) => ({ step, loss }));
    expect(lossesOf(cut)).toEqual(lossesOf(whole));
    expect(readFileSync(join(cut, 'adapter/adapter_model.safetensors'))).toEqual(
      readFileSync(join(whole, 'adapter/adapter_model.safetensors')),
    );

    const row = JSON.stringify({ message: 'I am still waiting on my card' });
    const said = await counterweight([
      'generate',
      ...task,
      '--adapter',
      join(whole, 'adapter'),
      '--row',
      row,
      '--json',
    ]);
    expect(said.code, said.stderr).toBe(0);
    expect(said.json().outputs).toEqual([expect.any(String)]);
  });
});

it('packed rows are trained on as padded ones are, and shown before', async () => {
  const folder = newFolder();
  const data = firstRows(folder, trainingRows, 24);
  const task = ['--recipe', 'support', '--model', model, '--precision', 'f32', '--data', data];
  // All rows in one step, however they lie, so that runs can be compared step by step.
  const settings = ['--batch-size', '24', '--epochs', '3', '--learning-rate', '3e-3', '--prompt-loss-weight', '0.1'];
  const stepsWith = async (packing: string) => {
    const output = join(folder, packing);
    const run = await counterweight(['train', ...task, ...settings, '--packing', packing, '--output', output]);
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(output, 'run.json'), 'utf8')).training.packing).toBe(packing);
    return readLines(join(output, 'metrics.jsonl'));
  };
  const alone = await stepsWith('none');
  expect(alone).toHaveLength(3);
  for (const packing of ['examples', 'shared-prefix']) {
    for (const [i, step] of (await stepsWith(packing)).entries()) {
      const expected = alone[i] as Record<string, number>;
      expect([step.tokens, step.step]).toEqual([expected.tokens, expected.step]);
      for (const name of ['loss', 'promptLoss', 'completionLoss', 'gradientNorm', 'weightSum'] as const) {
        expect(Math.abs((step[name] as number) / (expected[name] as number) - 1), name).toBeLessThan(1e-4);
      }
    }
  }
  const shown = await counterweight(['preview', ...task, '--packing', 'shared-prefix', '--json']);
  expect(shown.code, shown.stderr).toBe(0);
  const { packing, receipt } = shown.json() as Record<string, Record<string, number>>;
  expect((packing?.rows as number) * (packing?.examplesPerRow as number)).toBeCloseTo(receipt?.kept as number, 6);
  expect(packing?.sharing).toBeGreaterThan(1);
});

it('a second run does not write into the first', async () => {
  const output = newFolder();
  writeFileSync(join(output, 'run.json'), '{}');
  const settings = ['--recipe', 'support', '--model', model, '--data', trainingRows, '--max-steps', '1'];
  const { code, stderr } = await counterweight(['train', ...settings, '--output', output]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--resume/);
});
