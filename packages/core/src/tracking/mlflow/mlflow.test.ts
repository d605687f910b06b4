import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test-support/folder.ts';
import { type Answer, type Asked, type JsonServer, serveJson } from '../../test-support/json-server.ts';
import { evaluationEvent, finished, stepEvent, trackedRun } from '../../test-support/tracked-run.ts';
import { mlflow } from './mlflow.ts';

const path = temporaryFolder();
let server: JsonServer;
/** What the fake says in place of what it usually says. */
let instead: (asked: Asked) => Answer | undefined;

/** As much of a tracking server as is asked for; `test/ecosystem` has the real one. */
const usual = ({ path }: Asked): Answer => {
  const endpoint = path.replace('/api/2.0/mlflow/', '');
  if (endpoint === 'experiments/get-by-name')
    return { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' } };
  if (endpoint === 'experiments/create') return { json: { experiment_id: '7' } };
  if (endpoint === 'runs/create') return { json: { run: { info: { run_id: 'r1' } } } };
  return {};
};

beforeEach(async () => {
  instead = () => undefined;
  server = await serveJson((asked) => instead(asked) ?? usual(asked));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const calls = (endpoint: string) =>
  server.asked.filter(({ path }) => path.endsWith(endpoint)).map(({ json }) => json as Record<string, never>);

async function folder(name: string): Promise<string> {
  await mkdir(path(name), { recursive: true });
  return path(name);
}

describe('a run of an MLflow server', () => {
  it('has settings, numbers with their steps, and how it ended', async () => {
    const tracker = mlflow({ uri: `${server.url}/`, experiment: 'support' });
    await tracker.begin(trackedRun(await folder('first')));
    await tracker.onEvent(stepEvent(1));
    await tracker.onEvent(evaluationEvent(1, 0.75));
    await tracker.end(finished);
    expect(new Set(server.asked.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
    expect(calls('experiments/create')).toEqual([{ name: 'support' }]);
    expect(calls('runs/create')).toMatchObject([{ experiment_id: '7', run_name: 'first' }]);
    const batches = calls('runs/log-batch') as unknown as { params?: object[]; metrics?: object[] }[];
    expect(batches.flatMap(({ params = [] }) => params)).toEqual(
      expect.arrayContaining([
        { key: 'recipe', value: 'support' },
        { key: 'model', value: 'org/tiny' },
        { key: 'promptLossWeight', value: '0.1' },
        { key: 'loraTargets', value: '["q_proj","v_proj"]' },
        { key: 'recipe.task', value: 'intent' },
        { key: 'dataSha256', value: 'ab12' },
      ]),
    );
    const metrics = batches.flatMap(({ metrics = [] }) => metrics);
    expect(metrics).toContainEqual({ key: 'train/loss', value: 1, step: 1, timestamp: expect.any(Number) });
    expect(metrics).toContainEqual({ key: 'eval/exactMatch', value: 0.75, step: 1, timestamp: expect.any(Number) });
    expect(calls('runs/update')).toMatchObject([{ run_id: 'r1', status: 'FINISHED' }]);
    expect(JSON.parse(await readFile(path('first/mlflow.json'), 'utf8'))).toEqual({ uri: server.url, runId: 'r1' });
  });

  it('goes on when it is resumed, with no step twice', async () => {
    await writeFile(`${await folder('resumed')}/mlflow.json`, JSON.stringify({ uri: server.url, runId: 'r0' }));
    const metrics = [{ key: 'train/loss', value: 0.5, step: '3', timestamp: '1' }];
    instead = ({ path }) =>
      path.endsWith('runs/get') ? { json: { run: { info: {}, data: { metrics } } } } : undefined;
    const tracker = mlflow({ uri: server.url });
    await tracker.begin(trackedRun(path('resumed'), 2));
    for (const step of [3, 4]) await tracker.onEvent(stepEvent(step));
    await tracker.end({ status: 'stopped', error: new Error('stop') });
    expect(calls('runs/create')).toEqual([]);
    const sent = calls('runs/log-batch').flatMap(
      ({ metrics }) => metrics as unknown as { key: string; step: number }[],
    );
    expect(sent.filter(({ key }) => key === 'train/loss').map(({ step }) => step)).toEqual([4]);
    expect(calls('runs/update')).toMatchObject([
      { run_id: 'r0', status: 'RUNNING' },
      { run_id: 'r0', status: 'KILLED' },
    ]);
  });

  it('is a new one where the server has lost it, or is another', async () => {
    await writeFile(`${await folder('lost')}/mlflow.json`, JSON.stringify({ uri: server.url, runId: 'r0' }));
    instead = ({ path }) => (path.endsWith('runs/get') ? { status: 404, json: { message: 'no run' } } : undefined);
    await mlflow({ uri: server.url }).begin(trackedRun(path('lost'), 2));
    await writeFile(`${await folder('moved')}/mlflow.json`, JSON.stringify({ uri: 'http://other', runId: 'r0' }));
    await mlflow({ uri: server.url }).begin(trackedRun(path('moved'), 2));
    expect(calls('runs/create')).toHaveLength(2);
  });

  it('gets what a server that was away for a while has missed, a thousand numbers at a time', async () => {
    const tracker = mlflow({ uri: server.url });
    await tracker.begin(trackedRun(await folder('away')));
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    instead = () => ({ status: 503, text: '<html>' });
    await expect(tracker.onEvent(stepEvent(1))).rejects.toThrow('answered with 503');
    instead = () => undefined;
    for (let step = 2; step <= 150; step++) await tracker.onEvent(stepEvent(step));
    await tracker.end(finished);
    clock.mockRestore();
    const batches = calls('runs/log-batch').map(({ metrics = [] }) => metrics as { key: string; step: number }[]);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(1000);
    // Those of the refused call are among them once more.
    const losses = batches.flat().filter(({ key }) => key === 'train/loss');
    expect(losses.map(({ step }) => step)).toEqual([1, ...Array.from({ length: 150 }, (_, i) => i + 1)]);
  });
});

describe('access', () => {
  it.each([
    [{ MLFLOW_TRACKING_TOKEN: 'secret' }, '', 'Bearer secret'],
    [{ MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'it' }, '', 'Basic bWU6aXQ='],
    [{}, 'you:p%40ss@', 'Basic eW91OnBAc3M='],
  ])('by %j and %s', async (env, user, authorization) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await mlflow({ uri: server.url.replace('://', `://${user}`) }).begin(
      trackedRun(await folder(`access-${user.length}`)),
    );
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set([authorization]));
  });

  it('a server that is not there is named, one that refuses is quoted', async () => {
    const nowhere = mlflow({ uri: 'http://127.0.0.1:9' });
    await expect(nowhere.begin(trackedRun(await folder('nowhere')))).rejects.toThrow('127.0.0.1:9 cannot be reached');
    instead = () => ({ status: 403, json: { error_code: 'PERMISSION_DENIED', message: 'Permission denied' } });
    const refused = mlflow({ uri: server.url });
    await expect(refused.begin(trackedRun(path('nowhere')))).rejects.toThrow('403: Permission denied');
  });

  it('is an address', () => {
    expect(() => mlflow({ uri: './mlruns' })).toThrow(/not the address.*\n.*option mlflow\n.*http:\/\/localhost:5000/);
  });
});
