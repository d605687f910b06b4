import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Job, slurm, type TaskState } from '../../packages/launch/src/index.ts';
import { executorConformance } from '../../packages/launch/src/test-support/executor-conformance.ts';
import { testJobs } from '../../packages/launch/src/test-support/test-jobs.ts';
import { model } from '../end-to-end/command.ts';
import { counterweight, hasOpenMpi, start } from '../mpi/open-mpi.ts';
import { run } from './programs.ts';
import { hasPmix, hasSlurm, startSlurm } from './slurm.ts';

const isHere = hasSlurm();
const startsWorkers = isHere && hasOpenMpi() && hasPmix();
const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
const cluster = isHere ? await startSlurm(folder) : undefined;
Object.assign(process.env, cluster?.env);
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!isHere)('Slurm', () => {
  executorConformance('slurm', {
    open: () => slurm({ partition: cluster?.partition }),
    findsWithoutNotes: true,
    timeoutMs: 180_000,
  });

  it('puts a task whose time is nearly over into the queue again', async () => {
    const { newJob, linesOf, begun, remove } = testJobs();
    const job = newJob(['stays']);
    const executor = slurm({ partition: cluster?.partition });
    const until = async (isSo: (states: readonly TaskState[]) => boolean) => {
      for (;;) {
        await executor.submit(job);
        if (isSo(await executor.observe(job))) return;
        await sleep(300);
      }
    };
    await until(() => begun(job).length === 1);
    // As Slurm does so many seconds before the end: to the shell alone.
    const number = job.notes.read('slurm job') as string;
    await run('scancel', ['--batch', '--signal=USR1', number]);
    await Promise.all([until(() => begun(job).length === 2), cluster?.beginSoon(number)]);
    writeFileSync(join(job.folder, 'go'), '');
    await until((states) => states[0] === 'ended');
    expect(linesOf(job).map(({ event }) => event)).toEqual(['begins', 'told to end', 'begins', 'ends']);
    await remove();
  });

  it('begins a task that can write no log, where no machine sees the folder', async () => {
    const { newJob, linesOf, remove } = testJobs();
    const job = newJob(['fails']);
    const unseen = { ...job, folder: '/proc/none', isShared: false };
    const executor = slurm({ partition: cluster?.partition });
    do {
      await sleep(300);
      await executor.submit(unseen);
    } while ((await executor.observe(unseen))[0] !== 'ended');
    expect(linesOf(job).map(({ event }) => event)).toEqual(['begins', 'fails']);
    await remove();
  });

  it('calls a task ended that no node could begin, and that would wait until somebody releases it', async () => {
    const { newJob, linesOf, remove } = testJobs();
    const executor = slurm({ partition: cluster?.partition });
    const done = async (job: Job) => {
      for (;;) {
        await executor.submit(job);
        if ((await executor.observe(job)).every((state) => state === 'ended')) return linesOf(job);
        await sleep(300);
      }
    };
    const mend = await cluster?.breakNodes();
    expect(await done(newJob(['fails']))).toEqual([]);
    mend?.();
    // Somebody has given the nodes back.
    expect((await done(newJob(['fails']))).map(({ event }) => event)).toEqual(['begins', 'fails']);
    await remove();
  });

  // On one node: the two here are one machine, where Slurm's PMIx puts the sockets of both into one place.
  it.skipIf(!startsWorkers)('starts workers with srun, who train what one process does', async () => {
    const data = join(folder, 'rows.jsonl');
    const rows = Array.from({ length: 24 }, (_, i) => ({
      prompt: `There were ${i} cats`,
      completion: ` and ${i} dogs`,
    }));
    writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const args = ['--batch-size', '2', '--gradient-accumulation', '2', '--max-steps', '3', '--precision', 'f32'];
    const lossesOf = async (name: string, launcher: readonly string[], more: readonly string[]) => {
      const run = join(folder, name);
      const training = [...['train', '--model', model, '--data', data, '--output', run], ...args, ...more];
      const { status, errors } = await start([...launcher, ...counterweight(...training)]).ended;
      expect(status, errors).toBe(0);
      return readFileSync(join(run, 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).loss as number);
    };
    const alone = await lossesOf('alone', [], []);
    const together = await lossesOf('together', ['srun', '--mpi=pmix', '-N1', '-n2'], ['--workers', '2']);
    expect(alone).toHaveLength(3);
    for (const [i, loss] of together.entries()) expect(Math.abs(loss / (alone[i] as number) - 1)).toBeLessThan(1e-6);
  });

  it('names the partition that is not there, and does not ask again', async () => {
    const { newJob, remove } = testJobs();
    const refused = slurm({ partition: 'nowhere' }).submit(newJob(['ends']));
    await expect(refused).rejects.toThrow('invalid partition specified: nowhere');
    await expect(refused).rejects.toMatchObject({ code: 'launcher-refused' });
    await remove();
  });
});
