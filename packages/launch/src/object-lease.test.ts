import { spawnSync } from 'node:child_process';
import { identityOf } from '@counterweight/core/files';
import type { S3mini } from 's3mini';
import { describe, expect, it } from 'vitest';
import { type ObjectLease, takeLease } from './object-lease.ts';

const KEY = 'lease.json';

/** One object, as stores keep it, under a clock of its own; and the answers that get lost on their way. */
function fakeStore() {
  let kept: { text: string; version: number; at: number } | undefined;
  let now = Date.UTC(2026, 0, 1);
  let lose = 0;
  const refused = (status: number) => Object.assign(new Error(`S3 returned ${status}`), { status });
  const store = {
    async getObjectResponse() {
      if (!kept) return null;
      const headers = {
        date: new Date(now).toUTCString(),
        'last-modified': new Date(kept.at).toUTCString(),
        etag: `"${kept.version}"`,
      };
      return new Response(kept.text, { headers });
    },
    async putObject(_: string, text: string, __: string, ___: unknown, headers: Record<string, string>) {
      if (headers['if-none-match'] === '*' && kept) throw refused(412);
      if (headers['if-match'] !== undefined && !kept) throw refused(404);
      if (headers['if-match'] !== undefined && headers['if-match'] !== `"${kept?.version}"`) throw refused(412);
      kept = { text, version: (kept?.version ?? 0) + 1, at: now };
      if (lose-- > 0) throw new TypeError('fetch failed');
      return new Response('', { headers: { etag: `"${kept.version}"` } });
    },
  };
  return {
    store: store as unknown as S3mini,
    content: () => JSON.parse(kept?.text ?? 'null'),
    leave: (content: object) => (kept = { text: JSON.stringify(content), version: 7, at: now }),
    pass: (seconds: number) => (now += seconds * 1000),
    loseAnswers: (count: number) => (lose = count),
  };
}

const here = { token: 'theirs', ...identityOf(process.pid) };
const elsewhere = { ...here, machine: 'elsewhere', host: 'far-away' };
type Lease = ObjectLease<string>;
const taken = async (store: S3mini): Promise<Lease> => {
  const lease = await takeLease<string>(store, KEY);
  if (!lease) throw new Error('Somebody has it.');
  return lease;
};

describe('a lease in object storage', () => {
  it('is for one of many, until it is given back, with what was written down', async () => {
    const { store, content } = fakeStore();
    const all = await Promise.all(Array.from({ length: 10 }, () => takeLease<string>(store, KEY)));
    const [first] = all.filter((lease) => lease !== undefined);
    expect(all.filter((lease) => lease !== undefined)).toHaveLength(1);
    await first?.write('step 20');
    expect(await takeLease(store, KEY)).toBeUndefined();
    await first?.release();
    expect(content()).not.toHaveProperty('holder');
    const second = await taken(store);
    expect(second.progress).toBe('step 20');
    await second.release();
  });

  it('of a process of this machine that has ended is free at once', async () => {
    const { store, leave } = fakeStore();
    leave({ holder: here, beat: 3 });
    expect(await takeLease(store, KEY)).toBeUndefined();
    const { pid } = spawnSync(process.execPath, ['--version']);
    leave({ holder: { ...here, pid }, beat: 3, progress: 'step 40' });
    const lease = await taken(store);
    expect(lease.progress).toBe('step 40');
    await lease.release();
  });

  it('of another machine is free when it was silent for five minutes of the store’s', async () => {
    const { store, leave, pass } = fakeStore();
    leave({ holder: elsewhere, beat: 3 });
    pass(299);
    expect(await takeLease(store, KEY)).toBeUndefined();
    pass(2);
    await (await taken(store)).release();
  });

  it('that was lost can write nothing any more', async () => {
    const { store, content, leave } = fakeStore();
    const lease = await taken(store);
    leave({ holder: elsewhere, beat: 9, progress: 'theirs' });
    await expect(lease.write('ours')).rejects.toMatchObject({ code: 'run-folder-in-use' });
    await expect(lease.release()).rejects.toMatchObject({ code: 'run-folder-in-use' });
    expect(content()).toMatchObject({ holder: { host: 'far-away' }, progress: 'theirs' });
  });

  it('is held though an answer got lost', async () => {
    const { store, content, loseAnswers } = fakeStore();
    loseAnswers(1);
    const lease = await taken(store);
    loseAnswers(1);
    await lease.write('step 20');
    await lease.write('step 40');
    expect(content()).toMatchObject({ progress: 'step 40', beat: 3 });
    await lease.release();
  });
});
