import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { slurm, type TaskState } from '../../packages/launch/src/index.ts';
import { executorConformance } from '../../packages/launch/src/test-support/executor-conformance.ts';
import { testJobs } from '../../packages/launch/src/test-support/test-jobs.ts';
import { run } from './programs.ts';
import { hasSlurm, startSlurm } from './slurm.ts';

const isHere = hasSlurm();
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
    forget: (job) => rm(join(job.folder, 'slurm-job')),
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
    const number = readFileSync(join(job.folder, 'slurm-job'), 'utf8');
    await run('scancel', ['--batch', '--signal=USR1', number]);
    await Promise.all([until(() => begun(job).length === 2), cluster?.beginSoon(number)]);
    writeFileSync(join(job.folder, 'go'), '');
    await until((states) => states[0] === 'ended');
    expect(linesOf(job).map(({ event }) => event)).toEqual(['begins', 'told to end', 'begins', 'ends']);
    await remove();
  });

  it('names the partition that is not there, and does not ask again', async () => {
    const job = { id: 'counterweight-test-none', command: ['true'], items: ['0'], atOnce: 1, folder, env: {} };
    const refused = slurm({ partition: 'nowhere' }).submit(job);
    await expect(refused).rejects.toThrow('invalid partition specified: nowhere');
    await expect(refused).rejects.toMatchObject({ code: 'launcher-refused' });
  });
});
