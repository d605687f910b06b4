import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mlflow, type Tracker, tensorboard } from '../../packages/core/src/index.ts';
import { counting, path, stopped, tried } from '../../packages/core/src/test-support/small-runs.ts';
import type { StepMetrics } from '../../packages/core/src/training/events.ts';
import { trackersPython } from './tools.ts';

/** What TensorBoard reads, and what a real MLflow server holds, of a run that was stopped and resumed: that of the logs. */

const settings = { recipe: counting, evalSplit: 0.25, training: { evaluateEvery: 2 } };
const script = new URL('python/read_events.py', import.meta.url).pathname;

/**
 * A run of six steps that is stopped after three, whose last checkpoint is of the second.
 * @param whenStopped what is waited for before it goes on
 */
async function resumedRun(
  trackers: () => Tracker[],
  whenStopped: (run: string) => Promise<void> = async () => {},
): Promise<string> {
  const output = await stopped(3, { ...settings, trackers: trackers() });
  await whenStopped(output);
  const { error, events } = await tried({ ...settings, output, resume: true, trackers: trackers() });
  expect(error).toBeUndefined();
  expect(events.filter(({ type }) => type === 'tracker-failed')).toEqual([]);
  return output;
}

const linesOf = async <Line>(file: string): Promise<Line[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

async function logged(run: string) {
  const steps = await linesOf<StepMetrics>(`${run}/metrics.jsonl`);
  const evaluations = await linesOf<{ step: number; completionLoss: number }>(`${run}/evaluations.jsonl`);
  return {
    'train/loss': steps.map(({ step, loss }) => [step, loss as number]),
    'train/learningRate': steps.map(({ step, learningRate }) => [step, learningRate]),
    'eval/completionLoss': evaluations.map(({ step, completionLoss }) => [step, completionLoss]),
  };
}

describe('TensorBoard', () => {
  it('reads each step once, with its numbers, settings and text', async () => {
    const run = await resumedRun(() => [tensorboard()]);
    const { stdout } = await promisify(execFile)(trackersPython(), [script, `${run}/tensorboard`]);
    const { scalars, text, hparams } = JSON.parse(stdout) as {
      scalars: Record<string, [number, number][]>;
      text: string;
      hparams: Record<string, unknown>;
    };
    for (const [tag, expected] of Object.entries(await logged(run))) {
      expect(scalars[tag]).toEqual(expected.map(([step, value]) => [step, Math.fround(value as number)]));
    }
    expect(text).toContain('| loraRank | 2 |');
    expect(hparams).toMatchObject({ recipe: 'plain', loraRank: 2, dora: false, maxSteps: 6 });
  });
});

describe('an MLflow server', () => {
  let server: ChildProcess;
  let uri: string;
  const get = async <Answer>(endpoint: string): Promise<Answer> =>
    (await (await fetch(`${uri}/api/2.0/mlflow/${endpoint}`)).json()) as Answer;

  beforeAll(async () => {
    const port = await freePort();
    uri = `http://127.0.0.1:${port}`;
    const store = `sqlite:///${path('mlflow.db')}`;
    const places = ['--backend-store-uri', store, '--default-artifact-root', path('artifacts')];
    const flags = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1', ...places];
    server = spawn(trackersPython(), flags, { stdio: 'ignore', detached: true });
    for (let tries = 0; tries < 240; tries++) {
      if (
        await fetch(`${uri}/health`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error('The MLflow server does not answer.');
  });
  afterAll(() => {
    // With the processes that it has started.
    if (server?.pid) process.kill(-server.pid);
  });

  const runIdOf = async (run: string) =>
    (JSON.parse(await readFile(`${run}/mlflow.json`, 'utf8')) as { runId: string }).runId;
  const toldOfEnd = async (run: string) => {
    await vi.waitFor(
      async () => {
        const { run: stored } = await get<{ run: Stored }>(`runs/get?run_id=${await runIdOf(run)}`);
        expect(stored.info).toMatchObject({ status: 'KILLED' });
      },
      { timeout: 60_000, interval: 200 },
    );
  };

  it('has one run, with each step once, its settings and how it ended', async () => {
    // A run that is stopped does not wait long for its trackers; this process lives on, and so do their calls.
    const run = await resumedRun(() => [mlflow({ uri, experiment: 'resumed' })], toldOfEnd);
    const runId = await runIdOf(run);
    const { experiment } = await get<{ experiment: { experiment_id: string } }>(
      'experiments/get-by-name?experiment_name=resumed',
    );
    const found = await fetch(`${uri}/api/2.0/mlflow/runs/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment_ids: [experiment.experiment_id] }),
    });
    const { runs } = (await found.json()) as { runs: Stored[] };
    expect(runs).toMatchObject([{ info: { run_id: runId, status: 'FINISHED' } }]);
    expect(runs[0]?.data.params).toEqual(
      expect.arrayContaining([
        { key: 'recipe', value: 'plain' },
        { key: 'maxSteps', value: '6' },
      ]),
    );
    for (const [key, expected] of Object.entries(await logged(run))) {
      const { metrics } = await get<{ metrics: { step: string | number; value: number }[] }>(
        `metrics/get-history?run_id=${runId}&metric_key=${encodeURIComponent(key)}`,
      );
      expect(metrics.map(({ step, value }) => [Number(step), value])).toEqual(expected);
    }
  });
});

interface Stored {
  readonly info: object;
  readonly data: { readonly params: readonly object[] };
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
