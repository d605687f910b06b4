import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ray, Unreachable } from '../../packages/launch/src/index.ts';
import { executorConformance } from '../../packages/launch/src/test-support/executor-conformance.ts';
import { testJobs } from '../../packages/launch/src/test-support/test-jobs.ts';
import { hasRay, startRay } from './ray.ts';

const isHere = hasRay();
const cluster = isHere ? await startRay() : undefined;
const { address = '', token } = cluster ?? {};
afterAll(() => cluster?.stop());

describe.skipIf(!isHere)('Ray', () => {
  executorConformance('ray', { open: () => ray({ address, token }), findsWithoutNotes: true, timeoutMs: 180_000 });

  const { newJob, remove } = testJobs();
  afterAll(remove);
  const job = newJob(['ends']);

  it('keeps what a task wrote that sees no folder of the job, and gives it the keys that are not written down', async () => {
    const executor = ray({ address, token, env: { AWS_REGION: 'eu-west-1' } });
    const written = { ...newJob(['hello']), isShared: false, command: ['printenv', 'AWS_REGION'] };
    while ((await executor.observe(written))[0] !== 'ended') {
      await executor.submit(written);
      await sleep(300);
    }
    // It has no variable `hello`, and says so by its exit code alone.
    expect(await executor.logOf?.(written, 0)).toContain('eu-west-1\n');
  });

  it('says that its token is another one', async () => {
    await expect(ray({ address, token: 'no' }).observe(job)).rejects.toThrow('Ray asks for another token');
  });

  it('may be asked again where nobody answers', async () => {
    await expect(ray({ address: 'http://127.0.0.1:1' }).observe(job)).rejects.toBeInstanceOf(Unreachable);
  });
});
