import { spawnSync } from 'node:child_process';
import { identityOf, UserError } from '@counterweight/core/files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './bucket.ts';
import type { Lease } from './lease.ts';
import { takeLease } from './object-lease.ts';
import { type ObjectServer, startObjectServer } from './test-support/object-server.ts';

const KEY = 'sweep/lease.json';
const here = identityOf(process.pid);
const elsewhere = { ...here, machine: 'elsewhere', host: 'far-away' };

let server: ObjectServer;
let place: Place;
beforeEach(async () => {
  server = await startObjectServer();
  place = openPlace('s3://lab/sweep', server.env);
});
afterEach(() => server.stop());

const lost = (where: string) => new UserError({ code: 'run-folder-in-use', problem: 'Lost.', where, fix: 'Leave it.' });
const take = () => takeLease<string>(place, KEY, lost);
const taken = async (): Promise<Lease<string>> => {
  const lease = await take();
  if ('heldBy' in lease) throw new Error('Somebody has it.');
  return lease;
};
const leave = (content: object) => server.write(KEY, JSON.stringify(content));
const content = () => server.json(KEY);

describe('a lease in object storage', () => {
  it('is for one of many, until it is given back, with what was written down', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, take));
    const [first, ...others] = all.flatMap((lease) => ('heldBy' in lease ? [] : [lease]));
    expect(others).toHaveLength(0);
    await first?.write('step 20');
    expect(await take()).toMatchObject({ heldBy: { pid: process.pid } });
    await first?.release();
    expect(content()).not.toHaveProperty('holder');
    const second = await taken();
    expect(second.progress).toBe('step 20');
    await second.release();
  });

  it('of a process of this machine that has ended is free at once', async () => {
    leave({ holder: here, beat: 3 });
    expect(await take()).toHaveProperty('heldBy');
    const { pid } = spawnSync(process.execPath, ['--version']);
    leave({ holder: { ...here, pid }, beat: 3, progress: 'step 40' });
    const lease = await taken();
    expect(lease.progress).toBe('step 40');
    await lease.release();
  });

  it('of another machine is free when it was silent for five minutes of the store’s', async () => {
    leave({ holder: elsewhere, beat: 3 });
    server.pass(299);
    expect(await take()).toMatchObject({ heldBy: { host: 'far-away' } });
    server.pass(2);
    await (await taken()).release();
  });

  it('that was lost can write nothing any more', async () => {
    const lease = await taken();
    leave({ holder: elsewhere, beat: 9, progress: 'theirs' });
    await expect(lease.write('ours')).rejects.toMatchObject({ code: 'run-folder-in-use' });
    await expect(lease.release()).rejects.toMatchObject({ code: 'run-folder-in-use' });
    expect(content()).toMatchObject({ holder: { host: 'far-away' }, progress: 'theirs' });
  });

  it('is held though answers get lost', async () => {
    // It is asked for anew, where it is there already.
    server.fail({}, { isLost: true });
    const lease = await taken();
    server.fail({ isLost: true });
    await lease.write('step 20');
    await lease.write('step 40');
    expect(content()).toMatchObject({ progress: 'step 40', beat: 3 });
    server.fail({ isLost: true });
    await lease.release();
    expect(content()).not.toHaveProperty('holder');
  });

  it('holds what was written last, though the store took what was before and never said so', async () => {
    place = openPlace('s3://lab/sweep', server.env, { patienceSeconds: 0 });
    const lease = await taken();
    server.fail({ isLost: true });
    await expect(lease.write('step 20')).rejects.toMatchObject({ code: 'storage-unreachable' });
    expect([lease.progress, content().progress]).toEqual([undefined, 'step 20']);
    await lease.write('step 40');
    expect(content().progress).toBe('step 40');
    await lease.release();
  });

  it('that somebody else has written into is named', async () => {
    server.write(KEY, 'mine');
    await expect(take()).rejects.toMatchObject({ code: 'file-malformed', where: `s3://lab/${KEY}` });
  });
});
