import { afterAll, describe, expect, it } from 'vitest';
import { ray, Unreachable } from '../../packages/launch/src/index.ts';
import { executorConformance } from '../../packages/launch/src/test-support/executor-conformance.ts';
import { hasRay, startRay } from './ray.ts';

const isHere = hasRay();
const cluster = isHere ? await startRay() : undefined;
const { address = '', token } = cluster ?? {};
afterAll(() => cluster?.stop());

describe.skipIf(!isHere)('Ray', () => {
  executorConformance('ray', { open: () => ray({ address, token }), forget: async () => {}, timeoutMs: 180_000 });

  const job = { id: 'counterweight-test-none', command: ['true'], items: ['0'], atOnce: 1, folder: '/', env: {} };

  it('says that its token is another one', async () => {
    await expect(ray({ address, token: 'no' }).observe(job)).rejects.toThrow('Ray asks for another token');
  });

  it('may be asked again where nobody answers', async () => {
    await expect(ray({ address: 'http://127.0.0.1:1' }).observe(job)).rejects.toBeInstanceOf(Unreachable);
  });
});
