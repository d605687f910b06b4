import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Asked, type JsonServer, serveJson } from '../../test-support/json-server.ts';
import { evaluationEvent, finished, stepEvent, trackedRun } from '../../test-support/tracked-run.ts';
import { wandb } from './wandb.ts';

/**
 * The package of Weights & Biases as it is, against a server that takes down what the package says. What the real server
 * makes of it is its own business.
 */

let server: JsonServer;
let status = 200;

beforeEach(async () => {
  status = 200;
  server = await serveJson(({ path, json }) => {
    if (status !== 200) return { status, json: { error: 'invalid api key' } };
    if (path !== '/graphql') return {};
    const { query } = json as { query: string };
    const bucket = { id: '1', name: 'abc', project: { name: 'p', entity: { name: 'me' } } };
    return { json: { data: query.includes('viewer') ? { viewer: { entity: 'me' } } : { upsertBucket: { bucket } } } };
  });
  vi.stubEnv('WANDB_API_KEY', 'k'.repeat(40));
  vi.stubEnv('WANDB_BASE_URL', server.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const run = (step = 0) => trackedRun('/somewhere/runs/first', step);
const upserted = () =>
  server.asked.flatMap(({ json }) => {
    const { query = '', variables } = json as { query?: string; variables?: Record<string, string> };
    return query.includes('mutation') && variables ? [variables] : [];
  });
const streamed = () => server.asked.filter(({ path }) => path.endsWith('/file_stream'));
const history = () =>
  streamed().flatMap(({ json }: Asked) => {
    const { files } = json as { files?: Record<string, { content: string[] }> };
    return (files?.['wandb-history.jsonl']?.content ?? []).map((line) => JSON.parse(line) as Record<string, number>);
  });

describe('a run of Weights & Biases', () => {
  it('has settings, a line a step with its evaluation, and an exit code', async () => {
    const tracker = wandb({ project: 'support' });
    await tracker.begin(run());
    for (const event of [stepEvent(1), stepEvent(2), evaluationEvent(2, 0.75), stepEvent(3)]) tracker.onEvent(event);
    await tracker.end(finished);
    const [made] = upserted();
    expect(made).toMatchObject({ project: 'support', entity: 'me', displayName: 'first' });
    expect(JSON.parse(made?.config ?? '')).toMatchObject({ recipe: 'support', promptLossWeight: 0.1 });
    expect(streamed()[0]?.path).toBe(`/files/me/support/${made?.name}/file_stream`);
    expect(streamed()[0]?.headers.authorization).toMatch(/^Basic /);
    expect(history()).toMatchObject([
      { _step: 1, 'train/loss': 1 },
      { _step: 2, 'train/loss': 0.5, 'eval/exactMatch': 0.75 },
      { _step: 3 },
    ]);
    expect(streamed().at(-1)?.json).toMatchObject({ complete: true, exitcode: 0 });
  });

  it('is a new one of a team’s where it is resumed, and says so', async () => {
    const tracker = wandb({ project: 'team/support' });
    await tracker.begin(run(200));
    tracker.onEvent(stepEvent(201));
    await tracker.end({ status: 'failed', error: new Error('no room') });
    expect(upserted()[0]).toMatchObject({ project: 'support', entity: 'team', displayName: 'first from step 200' });
    expect(history()).toMatchObject([{ _step: 201 }]);
    expect(streamed().at(-1)?.json).toMatchObject({ complete: true, exitcode: 1 });
  });

  it.each(['support', 'team/support'])('that the server refuses fails, and nothing else does: %s', async (project) => {
    status = 401;
    await expect(wandb({ project }).begin(run())).rejects.toThrow();
  });

  it('needs a key', () => {
    vi.stubEnv('WANDB_API_KEY', '');
    expect(() => wandb({ project: 'support' })).toThrow(/no key.*\n.*option wandb\n.*WANDB_API_KEY/);
  });
});
