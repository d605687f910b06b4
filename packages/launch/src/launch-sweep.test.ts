import { basename } from 'node:path';
import type { SweepPlan } from '@counterweight/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSweep, type LaunchEvent, type LaunchOptions, launchSweep } from './launch-sweep.ts';
import type { LaunchedSweep } from './launched-sweep.ts';
import { unreachable } from './reach-store.ts';
import { type Fate, fakeCluster } from './test-support/fake-executor.ts';
import { plan, type SweepHome, sweepsInFolders, sweepsInStore } from './test-support/sweep-homes.ts';

let home: SweepHome;
const newSweep = (changes: Partial<SweepPlan> = {}) => home.newSweep({ ...plan, ...changes });
const clusterOf = (fateOf: (item: string, attempt: number) => Fate) => fakeCluster(fateOf, home.leave);

/** A sweep of four trials from beginning to end, with what was told. */
async function launched(fateOf: (file: string, attempt: number) => Fate, options: Partial<LaunchOptions> = {}) {
  const cluster = clusterOf(fateOf);
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

/** A launch that is ended as soon as its trials are submitted. */
async function closed(options: Pick<LaunchOptions, 'sweep' | 'executor'>): Promise<void> {
  const stop = new AbortController();
  const onEvent = ({ type }: LaunchEvent) => type === 'submitted' && stop.abort(new Error('closed'));
  const launch = launchSweep({ command: ['worker'], atOnce: 8, ...options, signal: stop.signal, onEvent });
  await expect(launch).rejects.toThrow('closed');
}

const told = (events: readonly LaunchEvent[], type: LaunchEvent['type']) =>
  events.filter((event) => event.type === type);

describe.each([
  ['in a folder', sweepsInFolders],
  ['in object storage', sweepsInStore],
])('launchSweep of a sweep %s', (_, open) => {
  beforeAll(async () => {
    home = await open();
  });
  afterAll(() => home.remove());

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
    const fateOf = (item: string): Fate => {
      const { seed, settings } = home.readTrial(item);
      if (seed === 0) return 'done';
      return settings.promptLossWeight === 0 ? 'fails' : 'crashes';
    };
    const { result, sweep, tries, events } = await launched(fateOf, { retries: 2 });
    expect(result.done).toBe(2);
    expect(result.failed.map(({ message }) => message)).toEqual(['It diverged.', 'much before\nKilled: out of memory']);
    expect([...tries.values()].sort()).toEqual([1, 1, 3, 3]);
    expect(told(events, 'trial-failed').length).toBe(2);
    const lost = result.failed.map(({ trial }) => home.read(sweep as LaunchedSweep, `trials/${trial.id}/failed.json`));
    expect((await Promise.all(lost)).map((text) => JSON.parse(text ?? '').message)).toEqual(
      result.failed.map(({ message }) => message),
    );
    expect((await launched(() => 'done', { sweep })).result).toEqual({ done: 4, failed: [] });
  });

  it('goes on with what was submitted when it is ended and started again', async () => {
    const sweep = await newSweep();
    let isOn = false;
    const { executor, submitted } = clusterOf(() => (isOn ? 'done' : 'stays'));
    const options = { sweep, executor, command: ['worker'], atOnce: 8 };
    await closed(options);
    isOn = true;
    expect((await launchSweep(options)).done).toBe(4);
    expect(submitted.length).toBe(1);
  });

  it('submits what it had written down, and was killed before it could ask for', async () => {
    const sweep = await newSweep();
    const stop = new AbortController();
    const dead = clusterOf(() => 'stays').executor;
    const killed = { ...dead, submit: () => Promise.reject(new Error('killed')) };
    const options = { sweep, command: ['worker'], atOnce: 8 };
    await expect(launchSweep({ ...options, executor: killed, signal: stop.signal })).rejects.toThrow('killed');
    const { executor, submitted } = clusterOf(() => 'done');
    expect((await launchSweep({ ...options, executor })).done).toBe(4);
    expect(submitted.length).toBe(1);
    expect(submitted.map(({ id }) => id)).toEqual((await home.recordOf(sweep)).jobs.map(({ id }) => id));
  });

  it('is one at a time', async () => {
    const sweep = await newSweep();
    const stop = new AbortController();
    const { executor } = clusterOf(() => 'stays');
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

  it('is looked on at from another machine, which finds what was submitted', async () => {
    const sweep = await newSweep();
    let isOn = false;
    const { executor, submitted } = clusterOf(() => (isOn ? 'done' : 'stays'));
    const options = { executor, command: ['worker'], atOnce: 8 };
    await closed({ sweep, executor });
    isOn = true;
    expect((await launchSweep({ ...options, sweep: await home.elsewhere(sweep) })).done).toBe(4);
    expect(submitted.length).toBe(1);
  });

  it('is written down before anybody is asked, and nobody is asked by one who has lost it', async () => {
    const sweep = await newSweep();
    const { executor, submitted } = clusterOf(() => 'done');
    const lost = new Error('lost');
    const takeLaunches: LaunchedSweep['takeLaunches'] = async () => {
      const lease = await sweep.takeLaunches();
      return 'heldBy' in lease ? lease : { ...lease, progress: lease.progress, write: () => Promise.reject(lost) };
    };
    const launched = launchSweep({ sweep: { ...sweep, takeLaunches }, executor, command: ['worker'], atOnce: 8 });
    await expect(launched).rejects.toBe(lost);
    expect(submitted).toEqual([]);
  });

  it('waits for storage that is away, and submits nothing meanwhile', async () => {
    const sweep = await newSweep();
    let [pulls, away] = [0, 3];
    const pull: LaunchedSweep['pull'] = () => {
      // The first is that of who opens it.
      if (++pulls > 1 && away-- > 0) throw unreachable(sweep.name, new Error('away'));
      return sweep.pull();
    };
    const { result, events, submitted } = await launched(() => 'done', { sweep: { ...sweep, pull } });
    expect(result.done).toBe(4);
    expect(told(events, 'unreachable').length).toBe(3);
    expect(submitted.length).toBe(1);
  });

  it('is gone on with by the executor that began it, and by no other', async () => {
    const sweep = await newSweep();
    const { executor } = clusterOf(() => 'stays');
    const options = { sweep, command: ['worker'], atOnce: 8 };
    await closed({ sweep, executor });
    const other = { ...clusterOf(() => 'done').executor, name: 'other' };
    const problem = 'This sweep was launched with fake, and that launch has not come to its end.';
    await expect(launchSweep({ ...options, executor: other })).rejects.toMatchObject({
      code: 'output-in-use',
      problem,
    });
    await expect(cancelSweep({ sweep, executor: other })).rejects.toMatchObject({ problem });
    await cancelSweep({ sweep, executor });
    expect((await launchSweep({ ...options, executor: other })).done).toBe(4);
  });

  it('is ended by cancelSweep, and the next launch begins anew', async () => {
    const sweep = await newSweep();
    const { executor, submitted, cancelled } = clusterOf(() => 'stays');
    const options = { sweep, executor, command: ['worker'], atOnce: 8 };
    await closed(options);
    await cancelSweep({ sweep, executor });
    expect(cancelled).toEqual(submitted.map(({ id }) => id));
    const other = await launched(() => 'done', { sweep });
    expect(other.result.done).toBe(4);
    expect(other.submitted.length).toBe(1);
  });
});
