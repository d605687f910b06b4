import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { type FileLock, lockHolder, SILENCE_MS, tryLock, waitForLock } from './lock.ts';
import { identityOf } from './process-identity.ts';

const path = temporaryFolder();
let locks = 0;
const newLock = () => path(`lock-${locks++}`);

const leftBy = (file: string, holder: object) =>
  writeFile(file, JSON.stringify({ token: 'theirs', ...identityOf(process.pid), ...holder }));
const silentFor = (file: string, ms: number) => {
  const then = new Date(Date.now() - ms);
  return utimes(file, then, then);
};
/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}
const taken = async (file: string): Promise<FileLock> => {
  const lock = await tryLock(file);
  if ('heldBy' in lock) throw new Error(`held by ${lock.heldBy.pid}`);
  return lock;
};

describe('a lock', () => {
  it('is for one, in the same process too, until it is released', async () => {
    const file = newLock();
    const first = await taken(file);
    expect(await tryLock(file)).toMatchObject({ heldBy: { pid: process.pid } });
    expect(await first.isHeld()).toBe(true);
    await first.release();
    expect(existsSync(file)).toBe(false);
    await (await taken(file)).release();
  });

  it('is taken by one of many that ask at once', async () => {
    const file = newLock();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tryLock(file)));
    expect(answers.filter((answer) => !('heldBy' in answer))).toHaveLength(1);
  });

  it('of a process that has ended is taken over, by one of many', async () => {
    const file = newLock();
    await leftBy(file, { pid: await endedProcess() });
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryLock(file)));
    expect(answers.filter((answer) => !('heldBy' in answer))).toHaveLength(1);
    expect(existsSync(`${file}.takeover`)).toBe(false);
  });

  it('is taken over where its number was given to another process', async (context) => {
    if (identityOf(process.pid).startedAt === null) context.skip('start times are read on Linux only');
    const file = newLock();
    await leftBy(file, { startedAt: '1' });
    await (await taken(file)).release();
  });

  it('of another machine holds as long as it is touched', async () => {
    const file = newLock();
    await leftBy(file, { machine: 'elsewhere', host: 'far-away', pid: 1 });
    await silentFor(file, SILENCE_MS / 2);
    expect(await tryLock(file)).toMatchObject({ heldBy: { host: 'far-away', pid: 1 } });
    await silentFor(file, SILENCE_MS + 1000);
    await (await taken(file)).release();
  });

  it('that was never finished is nobody’s after a moment', async () => {
    const file = newLock();
    await writeFile(file, '');
    await silentFor(file, 60_000);
    await (await taken(file)).release();
  });

  it('that was lost to another is noticed, and left alone', async () => {
    const file = newLock();
    const lock = await taken(file);
    await leftBy(file, { pid: 1 });
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ token: 'theirs' });
  });

  it('tells its holder to who only looks, and leaves everything as it is', async () => {
    const file = newLock();
    expect(await lockHolder(file)).toBeUndefined();
    const lock = await taken(file);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    await leftBy(file, { pid: await endedProcess() });
    expect(await lockHolder(file)).toBeUndefined();
    expect(existsSync(file)).toBe(true);
  });

  it('can be waited for, as long as nobody says stop', async () => {
    const file = newLock();
    const first = await taken(file);
    const next = waitForLock(file);
    await first.release();
    const second = await next;
    const stop = new AbortController();
    const third = waitForLock(file, stop.signal);
    stop.abort(new Error('enough'));
    await expect(third).rejects.toThrow();
    await second.release();
  });
});
