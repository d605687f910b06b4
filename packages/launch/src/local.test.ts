import { afterAll, expect, it } from 'vitest';
import { local } from './local.ts';
import { executorConformance } from './test-support/executor-conformance.ts';
import { testJobs } from './test-support/test-jobs.ts';

executorConformance('local', { open: local });

const { newJob, begun, remove } = testJobs();
afterAll(remove);

it('local says where it has to be cancelled what another machine does', async () => {
  const job = newJob(['stays']);
  const there = { host: 'far-away', machine: 'elsewhere', pid: 1, startedAt: '1' };
  await job.notes.write('process 0', JSON.stringify(there));
  await expect(local().cancel(job)).rejects.toMatchObject({ code: 'launcher-refused', fix: 'Cancel it on far-away.' });
});

it('local leaves no process running that it could not write down', async () => {
  const job = newJob(['stays']);
  const notes = { ...job.notes, write: () => Promise.reject(new Error('away')) };
  await expect(local().submit({ ...job, notes })).rejects.toThrow('away');
  await local().submit(job);
  // It was ended before it began, or told to; the second one runs.
  await expect.poll(() => begun(job).length).toBeGreaterThan(0);
  await local().cancel(job);
  await expect.poll(async () => (await local().observe(job))[0]).toBe('ended');
});
