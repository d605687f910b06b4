import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { slurm } from '../../packages/launch/src/index.ts';
import { executorConformance } from '../../packages/launch/src/test-support/executor-conformance.ts';
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

  it('names the partition that is not there, and does not ask again', async () => {
    const job = { id: 'counterweight-test-none', command: ['true'], items: ['0'], atOnce: 1, folder, env: {} };
    const refused = slurm({ partition: 'nowhere' }).submit(job);
    await expect(refused).rejects.toThrow('invalid partition specified: nowhere');
    await expect(refused).rejects.toMatchObject({ code: 'launcher-refused' });
  });
});
