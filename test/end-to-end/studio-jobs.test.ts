import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { type Jobs, openJobs } from '../../packages/studio/src/jobs/open-jobs.ts';
import { until } from '../../packages/studio/src/jobs/test-support/studio.ts';
import { readLines } from './command.ts';

/** The studio's jobs with the real command line and a real, tiny model. */
const folder = mkdtempSync(join(tmpdir(), 'studio-'));
const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const program = [process.execPath, '--no-warnings', path('packages/cli/src/main.ts')];
const rows = Array.from({ length: 64 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
const data = join(folder, 'rows.jsonl');
writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const options = {
  ...{ model: path('models/stories260k'), data: [data], engine: 'wasm', precision: 'f32', cache: false },
  ...{ method: 'full', batchSize: 2, maxLength: 64, learningRate: 1e-3 },
};

let jobs: Jobs;
const open = async () => {
  jobs = await openJobs({ folder, program });
  return jobs;
};
afterAll(async () => {
  await jobs.close();
  rmSync(folder, { recursive: true, force: true });
});

it('trains, pauses, goes on under another studio, and exports what came out', async () => {
  await open();
  const output = join(folder, 'runs', 'first');
  const steps = 300;
  const { id } = await jobs.add({ kind: 'train', options: { ...options, maxSteps: steps }, output });
  await until(jobs, id, ({ progress }) => (progress?.step ?? 0) > 2);
  await jobs.pause(id);
  const paused = await until(jobs, id, 'paused');
  const reached = paused.progress?.step ?? 0;
  expect(reached).toBeLessThan(steps);
  expect(paused.progress).toMatchObject({ steps, secondsLeft: expect.any(Number) });
  expect(existsSync(join(output, 'result.json'))).toBe(false);

  await jobs.close();
  await open();
  expect(await jobs.get(id)).toEqual(paused);
  await jobs.resume(id);
  const done = await until(jobs, id, 'done');
  expect(done).toMatchObject({ attempt: 2, result: { run: output, steps }, progress: { step: steps } });
  // Each step once: it went on from the checkpoint.
  expect(readLines(join(output, 'metrics.jsonl')).map(({ step }) => step)).toEqual(
    Array.from({ length: steps }, (_, i) => i + 1),
  );

  const exported = await jobs.add({
    ...{ kind: 'export', options: { run: output, to: 'gguf', type: 'f32' } },
    output: join(folder, 'model.gguf'),
  });
  const { result } = await until(jobs, exported.id, 'done');
  expect(result).toMatchObject({ output: exported.output, type: 'f32' });
  expect(readFileSync(exported.output).subarray(0, 4).toString()).toBe('GGUF');
});

it('sweeps, pauses, and goes on with the trials that are done', async () => {
  const output = join(folder, 'sweeps', 'first');
  const { id } = await jobs.add({
    kind: 'sweep',
    options: { ...options, maxSteps: 40, weights: [0, 1], seeds: 2, evalSplit: 0.25 },
    output,
  });
  const trials = join(output, 'trials');
  await until(jobs, id, ({ status }) => status === 'failed' || (status === 'running' && existsSync(trials)));
  await jobs.pause(id);
  const paused = await until(jobs, id, ({ status }) => ['paused', 'failed', 'done'].includes(status));
  expect(paused.error).toBeUndefined();
  expect(paused.status).toBe('paused');
  await jobs.resume(id);
  const done = await until(jobs, id, ({ status }) => status === 'done' || status === 'failed');
  expect(done.error).toBeUndefined();
  expect(done.result).toBeDefined();
  expect(existsSync(join(output, 'sweep.json'))).toBe(true);
});

it('says what the command line says of a mistake', async () => {
  const { id } = await jobs.add({
    kind: 'train',
    options: { ...options, learningRate: -1 },
    output: join(folder, 'runs', 'wrong'),
  });
  const { error } = await until(jobs, id, 'failed');
  expect(error).toMatchObject({ code: 'option-invalid', message: expect.stringContaining('learningRate') });
});
