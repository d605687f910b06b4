import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SweepPlan } from '@counterweight/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSweep, type LaunchEvent, type LaunchOptions, launchSweep } from './launch-sweep.ts';
import { type Fate, fakeCluster } from './test-support/fake-executor.ts';

const plan: SweepPlan = {
  format: 1,
  recipe: { name: 'plain', options: {} },
  metrics: [],
  training: { epochs: 2, templateDate: '2026-01-31' },
  axes: { promptLossWeight: [0, 1] },
  seeds: [0, 1],
  inputs: { data: [], evalData: [], model: [], adapter: [], tokenizer: [] },
  rows: { generationRatio: 0.1, train: 8, validation: 1, test: 1 },
  neutral: 'cc',
  margins: {},
};

let root: string;
let sweeps = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'counterweight-launch-'));
});
afterAll(() => rm(root, { recursive: true }));

async function newSweep(changes: Partial<SweepPlan> = {}): Promise<string> {
  const sweep = join(root, `${sweeps++}`);
  await mkdir(sweep);
  await writeFile(join(sweep, 'sweep.json'), JSON.stringify({ ...plan, ...changes }));
  return sweep;
}

/** A sweep of four trials from beginning to end, with what was told. */
async function launched(fateOf: (file: string, attempt: number) => Fate, options: Partial<LaunchOptions> = {}) {
  const cluster = fakeCluster(fateOf);
  const events: LaunchEvent[] = [];
  const sweep = options.sweep ?? (await newSweep());
  const given = {
    executor: cluster.executor,
    command: ['worker'],
    atOnce: 8,
    onEvent: (event: LaunchEvent) => events.push(event),
  };
  const result = launchSweep({ ...given, ...options, sweep });
  return { ...cluster, sweep, events, given, result: await result };
}

const told = (events: readonly LaunchEvent[], type: LaunchEvent['type']) =>
  events.filter((event) => event.type === type);

describe('launchSweep', () => {
  it('submits all trials as one job, and says when each is done', async () => {
    const { result, submitted, events } = await launched(() => 'done');
    expect(result).toEqual({ done: 4, failed: [] });
    expect(submitted.map(({ items, atOnce }) => [items.length, atOnce])).toEqual([[4, 4]]);
    expect(told(events, 'trial-done').length).toBe(4);
  });

  it('submits again what ended without being done', async () => {
    const { result, submitted } = await launched((_, attempt) => (attempt < 3 ? 'crashes' : 'done'));
    expect(result.done).toBe(4);
    expect(submitted.map(({ items }) => items.length)).toEqual([4, 4, 4]);
  });

  it('names what failed too often, with what its worker said last, and counts anew the next time', async () => {
    const bad = (file: string) =>
      JSON.parse(readFileSync(file, 'utf8')) as { seed: number; settings: { promptLossWeight: number } };
    const fateOf = (file: string): Fate => {
      const { seed, settings } = bad(file);
      if (seed === 0) return 'done';
      return settings.promptLossWeight === 0 ? 'fails' : 'crashes';
    };
    const { result, sweep, tries, events } = await launched(fateOf, { retries: 2 });
    expect(result.done).toBe(2);
    expect(result.failed.map(({ message }) => message)).toEqual(['It diverged.', 'much before\nKilled: out of memory']);
    expect([...tries.values()].sort()).toEqual([1, 1, 3, 3]);
    expect(told(events, 'trial-failed').length).toBe(2);
    expect((await launched(() => 'done', { sweep })).result).toEqual({ done: 4, failed: [] });
  });

  it('goes on with what was submitted when it is ended and started again', async () => {
    const stop = new AbortController();
    const sweep = await newSweep();
    let isOn = false;
    const { executor, submitted } = fakeCluster(() => (isOn ? 'done' : 'stays'));
    const onEvent = ({ type }: LaunchEvent) => type === 'submitted' && stop.abort(new Error('closed'));
    const options = { sweep, executor, command: ['worker'], atOnce: 8 };
    await expect(launchSweep({ ...options, signal: stop.signal, onEvent })).rejects.toThrow('closed');
    isOn = true;
    expect((await launchSweep(options)).done).toBe(4);
    expect(submitted.length).toBe(1);
  });

  it('submits what it had written down, and was killed before it could ask for', async () => {
    const sweep = await newSweep();
    const stop = new AbortController();
    const dead = fakeCluster(() => 'stays').executor;
    const killed = { ...dead, submit: () => Promise.reject(new Error('killed')) };
    const options = { sweep, command: ['worker'], atOnce: 8 };
    await expect(launchSweep({ ...options, executor: killed, signal: stop.signal })).rejects.toThrow('killed');
    const { executor, submitted } = fakeCluster(() => 'done');
    expect((await launchSweep({ ...options, executor })).done).toBe(4);
    expect(submitted.length).toBe(1);
    expect(submitted[0]?.id).toBe(JSON.parse(readFileSync(join(sweep, 'launch', '001', 'job.json'), 'utf8')).id);
  });

  it('is one at a time', async () => {
    const sweep = await newSweep();
    const stop = new AbortController();
    const { executor } = fakeCluster(() => 'stays');
    const options = { sweep, executor, command: ['worker'], atOnce: 8 };
    let began = () => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const first = launchSweep({ ...options, signal: stop.signal, onEvent: () => began() });
    await begun;
    const second = launchSweep(options);
    await expect(second).rejects.toMatchObject({ code: 'output-in-use' });
    stop.abort(new Error('closed'));
    await expect(first).rejects.toThrow('closed');
  });

  it('compares when every learning rate is found, the one too that took two tries', async () => {
    const sweep = await newSweep({ tune: [0.1, 0.3], seeds: [0] });
    const stages: string[] = [];
    let first: string | undefined;
    const { result, submitted } = await launched(
      (file, attempt) => {
        first ??= file;
        return file === first && attempt === 1 ? 'fails' : 'done';
      },
      { sweep },
    );
    for (const { items } of submitted) stages.push(items.map((file) => basename(file)).length.toString());
    // Four that tune, one of them again, and two that are compared.
    expect(stages).toEqual(['4', '1', '2']);
    expect(result.done).toBe(6);
  });

  it('waits for a scheduler that is away', async () => {
    let away = 3;
    const { result, events, submitted } = await launched(() => (away-- > 0 ? 'unreachable' : 'done'));
    expect(result.done).toBe(4);
    expect(told(events, 'unreachable').length).toBe(3);
    expect(submitted.length).toBe(1);
  });

  it('keeps to the limit with what it submits again', async () => {
    const sweep = await newSweep();
    const files = new Set<string>();
    let came = 0;
    const { submitted } = await launched(
      (file, attempt) => {
        files.add(file);
        // Two crash at once, two run until these have come again.
        if ([...files].indexOf(file) < 2) {
          if (attempt === 1) return 'crashes';
          came++;
          return 'done';
        }
        return came === 2 ? 'done' : 'stays';
      },
      { sweep, atOnce: 3 },
    );
    expect(submitted.map(({ items, atOnce }) => [items.length, atOnce])).toEqual([
      [4, 3],
      [1, 1],
      [1, 1],
    ]);
  });
});

it('cancelSweep ends what is submitted, and the next launch begins anew', async () => {
  const sweep = await newSweep();
  const stop = new AbortController();
  const { executor, submitted, cancelled } = fakeCluster(() => 'stays');
  const onEvent = ({ type }: LaunchEvent) => type === 'submitted' && stop.abort(new Error('closed'));
  const options = { sweep, executor, command: ['worker'], atOnce: 8 };
  await expect(launchSweep({ ...options, signal: stop.signal, onEvent })).rejects.toThrow('closed');
  await cancelSweep({ sweep, executor });
  expect(cancelled).toEqual(submitted.map(({ id }) => id));
  const other = await launched(() => 'done', { sweep });
  expect(other.result.done).toBe(4);
  expect(other.submitted.length).toBe(1);
});
