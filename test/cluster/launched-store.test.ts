import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOnce } from '../../packages/launch/src/index.ts';
import { newFolder } from '../end-to-end/command.ts';
import { clusters } from './clusters.ts';
import { machinesIn } from './machines.ts';
import { hasObjectStore, type ObjectStore, startObjectStore } from './object-store.ts';
import { hasRay } from './ray.ts';
import { hasSlurm } from './slurm.ts';
import { sweepArguments, TRIALS, trialHashes } from './sweep-task.ts';
import { workersOf } from './workers.ts';

const STEPS = 40;
const there = { slurm: hasSlurm(), ray: hasRay() };

describe.skipIf(!hasObjectStore())('a launch of a sweep in object storage', () => {
  const folder = newFolder();
  let store: ObjectStore;
  let machines: ReturnType<typeof machinesIn>;
  let expected: Record<string, string>;

  beforeAll(async () => {
    store = await startObjectStore();
    machines = machinesIn(folder, store.env);
    const here = join(folder, 'in-a-folder');
    const reference = machines.start('here', ['sweep', ...sweepArguments(folder, here, STEPS), '--parallel', '2']);
    expect(await machines.done(reference)).toMatchObject({ code: 0 });
    expected = trialHashes(here);
    expect(Object.keys(expected)).toHaveLength(TRIALS);
  });
  afterAll(async () => {
    store.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const launch = (machine: string, sweep: string, flags: readonly string[]): ChildProcess =>
    machines.start(machine, ['sweep', ...sweepArguments(folder, sweep, STEPS), '--max-jobs', '2', ...flags]);
  const cancel = (machine: string, sweep: string) =>
    machines.done(machines.start(machine, ['sweep', 'cancel', sweep, '--launch', 'local']));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(100);
  };
  /** All that is in the store of a sweep. */
  const hashesOf = async (sweep: string) => {
    process.env.COUNTERWEIGHT_HOME = join(folder, 'reader');
    return trialHashes(await fetchOnce(sweep, { env: store.env }));
  };
  /** What workers wrote on a machine that they said to have done. */
  function endsOn(machine: string): string[] {
    const home = join(folder, machine);
    const files = existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : [];
    const logs = files.filter((file) => /launch.*\.log$/.test(file));
    return logs.flatMap((file) => readFileSync(join(home, file), 'utf8').match(/^weight .*, seed \d+ {2}/gm) ?? []);
  }

  it('outlives its launcher, is gone on with from another machine, cancelled, and gone on with; the store goes away', async () => {
    const sweep = 's3://lab/sweeps/local';
    const flags = ['--launch', 'local', '--retries', '10'];
    const killed = launch('first', sweep, flags);
    await until(() => workersOf(sweep).length > 0);
    killed.kill('SIGKILL');

    const closed = launch('second', sweep, flags);
    const closing = machines.done(closed);
    await until(() => endsOn('second').length > 0);
    // One is at it: nobody else.
    for (const other of [machines.done(launch('third', sweep, flags)), cancel('third', sweep)]) {
      expect(await other).toMatchObject({
        code: 2,
        said: expect.stringContaining('Another launcher is at this sweep'),
      });
    }
    closed.kill('SIGINT');
    expect(await closing).toMatchObject({
      code: 130,
      said: expect.stringContaining(`sweep cancel ${sweep} --launch local`),
    });
    expect(workersOf(sweep).length).toBeGreaterThan(0);
    expect(await cancel('third', sweep)).toMatchObject({ code: 0, said: expect.stringContaining('Cancelled.') });
    await until(() => workersOf(sweep).length === 0);

    const last = machines.done(launch('fourth', sweep, flags));
    await until(() => workersOf(sweep).length > 0);
    await store.goAway(20);
    const { code, said } = await last;
    expect(code, said).toBe(0);
    expect(await hashesOf(sweep)).toEqual(expected);
    const ends = ['first', 'second', 'fourth'].flatMap(endsOn);
    expect(ends.filter((end, i) => ends.indexOf(end) !== i)).toEqual([]);
    expect(await store.bucket.getObject('sweeps/local/report.html')).toContain('<html');
  });

  it('names trials whose processes ended without a word', async () => {
    const sweep = 's3://lab/sweeps/failing';
    const broken = ['--launch', 'local', '--retries', '0', '--program', `${process.execPath} -e process.exit(3)`];
    const failed = await machines.done(launch('first', sweep, [...broken, '--json']));
    expect(failed.code).toBe(1);
    expect(failed.said).toContain('Its process ended without a word that is seen from here.');
    expect(Object.keys(await hashesOf(sweep))).toEqual([]);
  });

  it.skipIf(!there.slurm).each(['slurm'])('is done by %s, whose tasks see no folder of it', (name) => onCluster(name));
  it.skipIf(!there.ray).each(['ray'])('is done by %s, whose tasks see no folder of it', (name) => onCluster(name));

  async function onCluster(name: string): Promise<void> {
    // Without keys to the store: these come with what is submitted.
    process.env.COUNTERWEIGHT_HOME = join(folder, `${name}-nodes`);
    const cluster = await clusters[name]?.(join(folder, name));
    if (!cluster) throw new Error(`There is no cluster ${name}.`);
    try {
      const sweep = `s3://lab/sweeps/${name}`;
      const login = `login-${name}`;
      const { start, done } = machinesIn(folder, { ...store.env, ...cluster.env });
      const args = ['sweep', ...sweepArguments(folder, sweep, STEPS), ...cluster.flags, '--max-jobs', '4'];
      const { code, said } = await done(start(login, args));
      expect(code, said).toBe(0);
      expect(await hashesOf(sweep)).toEqual(expected);
      // Keys are no part of what is written down.
      expect(await store.bucket.getObject(`sweeps/${name}/launch/launches.json`)).not.toContain('AWS_');
      // Where a task may make the folder its log is there; Ray keeps its own.
      expect(endsOn(login)).toHaveLength(name === 'slurm' ? TRIALS : 0);
    } finally {
      await cluster.stop();
    }
  }
});
