import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import type { StepMetrics } from '../training/events.ts';
import { openRunLog, readEvaluations, resetLogs } from './run-log.ts';

const path = temporaryFolder();
let runs = 0;
async function newRun(): Promise<string> {
  const run = path(`run-${runs++}`);
  await mkdir(join(run, 'checkpoint'), { recursive: true });
  return run;
}

const metrics = (step: number) => ({ step, loss: 1 / step }) as StepMetrics;
const evaluation = {
  rows: 2,
  tokens: 9,
  loss: 1,
  promptLoss: null,
  completionLoss: 1,
  perplexity: Math.E,
  outputs: 2,
  cutOutputs: 1,
  metrics: { bleu: 7 },
};
const fail = (error: unknown) => {
  throw error;
};
const stepsIn = (run: string, file: string) =>
  readFileSync(join(run, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { step: number }).step);

/** A run of five steps, the checkpoint at the third of them. */
async function fiveSteps(): Promise<{ run: string; checkpoint: string }> {
  const run = await newRun();
  const checkpoint = join(run, 'checkpoint');
  const log = await openRunLog(run, fail);
  for (let step = 1; step <= 5; step++) {
    await log.writeMetrics(metrics(step));
    if (step % 2 === 0) await log.writeEvaluation({ step, evaluation });
    if (step === 3) await log.copyTo(checkpoint);
  }
  return { run, checkpoint };
}

describe('the log of a run', () => {
  it('has a line a step, and a line an evaluation with its metrics beside the losses', async () => {
    const run = await newRun();
    const log = await openRunLog(run, fail);
    await log.writeMetrics(metrics(1));
    await log.writeMetrics(metrics(2));
    await log.writeEvaluation({ step: 2, evaluation });
    expect(await readFile(join(run, 'metrics.jsonl'), 'utf8')).toBe('{"step":1,"loss":1}\n{"step":2,"loss":0.5}\n');
    const { metrics: own, ...losses } = evaluation;
    expect(JSON.parse(await readFile(join(run, 'evaluations.jsonl'), 'utf8'))).toEqual({ step: 2, ...losses, ...own });
    expect(await readEvaluations(run)).toEqual([{ step: 2, evaluation }]);
    expect((await openRunLog(run, fail)).evaluations).toEqual([{ step: 2, evaluation }]);
  });

  it('keeps what cannot be written, says so once, and writes it in order when it can', async () => {
    const run = await newRun();
    const failures: unknown[] = [];
    const log = await openRunLog(run, (error) => failures.push(error));
    await log.writeMetrics(metrics(1));
    const file = join(run, 'metrics.jsonl');
    await rm(file);
    await mkdir(file);
    await log.writeMetrics(metrics(2));
    await log.writeMetrics(metrics(3));
    expect(failures).toHaveLength(1);
    await rm(file, { recursive: true });
    await writeFile(file, '{"step":1,"loss":1}\n');
    await log.writeMetrics(metrics(4));
    await log.flush();
    expect(stepsIn(run, 'metrics.jsonl')).toEqual([1, 2, 3, 4]);
  });
});

describe('the log of a resumed run', () => {
  it('goes on after the step of its checkpoint, without what was logged later or cut short', async () => {
    const { run, checkpoint } = await fiveSteps();
    await appendFile(join(run, 'metrics.jsonl'), '{"step":6,"lo');
    expect(await resetLogs(run, checkpoint)).toEqual([]);
    const log = await openRunLog(run, fail);
    expect(log.evaluations.map(({ step }) => step)).toEqual([2]);
    await log.writeMetrics(metrics(4));
    expect(stepsIn(run, 'metrics.jsonl')).toEqual([1, 2, 3, 4]);
    expect(stepsIn(run, 'evaluations.jsonl')).toEqual([2]);
  });

  it.each([
    ['cut', () => '{"step":1,"loss":1}\n'],
    ['empty', () => ''],
    ['damaged in the middle', (text: string) => text.replace('"step":2', '"step"?2')],
    ['another one', (text: string) => text.replace('0.5', '0.25')],
  ])('that is %s is noticed, and is what the checkpoint holds of it', async (_, spoil) => {
    const { run, checkpoint } = await fiveSteps();
    const file = join(run, 'metrics.jsonl');
    await writeFile(file, spoil(await readFile(file, 'utf8')));
    expect(await resetLogs(run, checkpoint)).toEqual(['metrics.jsonl']);
    expect(stepsIn(run, 'metrics.jsonl')).toEqual([1, 2, 3]);
  });

  it('that is missing is noticed', async () => {
    const { run, checkpoint } = await fiveSteps();
    for (const name of ['metrics.jsonl', 'evaluations.jsonl']) await rm(join(run, name));
    expect(await resetLogs(run, checkpoint)).toEqual(['metrics.jsonl', 'evaluations.jsonl']);
    expect([stepsIn(run, 'metrics.jsonl'), stepsIn(run, 'evaluations.jsonl')]).toEqual([[1, 2, 3], [2]]);
  });
});
