import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * A lock is a file that says whose it is. It is created exclusively, so that one of several processes gets it, and
 * outlives a crash without being in the way: a holder that no longer runs is known by its process number and start
 * time. From another host or container, where these say nothing, it is known by its silence: a holder touches its lock
 * every few seconds.
 */
export interface FileLock {
  readonly file: string;
  /** Whether the lock is still ours: a holder that was silent for too long may have lost it. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockHolder extends ProcessIdentity {
  /** Of this one taking of the lock. */
  readonly token: string;
  /** Seconds since its last sign of life. */
  readonly silentSeconds: number;
}

const HEARTBEAT_MS = 5_000;
/** After so long without a heartbeat a holder on another machine is taken for gone. A step may block one for minutes. */
export const SILENCE_MS = 300_000;
/** What takes milliseconds, writing a lock or taking over an old one, was left undone by a crash after this time. */
const MOMENT_MS = 5_000;

/**
 * Takes the lock, or says who has it. It is given back with `release`, or when the process ends, however that happens.
 * @param file in a folder that is there
 * @throws the file system's error
 * @example
 * ```ts
 * import { tryLock } from '@counterweight/core/files';
 *
 * const lock = await tryLock('work/.lock');
 * if ('heldBy' in lock) console.log(`Process ${lock.heldBy.pid} is at it.`);
 * else await lock.release();
 * ```
 */
export async function tryLock(file: string): Promise<FileLock | { readonly heldBy: LockHolder }> {
  const token = randomUUID();
  const content = JSON.stringify({ token, ...identityOf(process.pid) });
  for (;;) {
    if (await createExclusively(file, content)) return held(file, token, content);
    const found = await readHolder(file);
    if (found === 'gone') continue;
    if (found === 'unfinished') await sleep(50);
    else if (!isLeftOver(found)) return { heldBy: found };
    else if (await takeOver(file, found.token, content)) return held(file, token, content);
  }
}

/**
 * Who has the lock, without asking for it; undefined where it is free, or its holder is gone.
 * @throws the file system's error
 * @example
 * ```ts
 * import { lockHolder } from '@counterweight/core/files';
 *
 * const holder = await lockHolder('runs/first/.lock');
 * console.log(holder ? `Process ${holder.pid} on ${holder.host} trains.` : 'Nobody trains.');
 * ```
 */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  for (;;) {
    const found = await readHolder(file);
    if (found === 'gone') return undefined;
    if (found !== 'unfinished') return isLeftOver(found) ? undefined : found;
    await sleep(50);
  }
}

/**
 * Waits until the lock is free, and takes it.
 * @throws the signal's reason
 * @example
 * ```ts
 * import { waitForLock } from '@counterweight/core/files';
 *
 * const lock = await waitForLock('work/.lock', AbortSignal.timeout(60_000));
 * await lock.release();
 * ```
 */
export async function waitForLock(file: string, signal?: AbortSignal): Promise<FileLock> {
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLock(file);
    if (!('heldBy' in lock)) return lock;
    await sleep(200, undefined, { signal });
  }
}

function held(file: string, token: string, content: string): FileLock {
  const isOurs = (holder: Awaited<ReturnType<typeof readHolder>>) =>
    typeof holder === 'object' && holder.token === token;
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A lock that was lost is noticed where it matters, by `isHeld`.
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  leaveTidy();
  ownLocks.set(token, file);
  return {
    file,
    async isHeld() {
      const holder = await readHolder(file);
      // Somebody tidied up.
      return holder === 'gone' ? createExclusively(file, content) : isOurs(holder);
    },
    async release() {
      clearInterval(heartbeat);
      ownLocks.delete(token);
      if (isOurs(await readHolder(file))) await rm(file, { force: true });
    },
  };
}

/** Locks of this process, by token. */
const ownLocks = new Map<string, string>();
let tidies = false;

/** Not needed, since a lock does not outlive its process: but nobody has to wonder about the files. */
function leaveTidy(): void {
  if (tidies) return;
  tidies = true;
  process.once('exit', () => {
    for (const [token, file] of ownLocks) removeSync(file, token);
  });
}

function removeSync(file: string, token: string): void {
  try {
    if (parse(readFileSync(file, 'utf8'))?.token === token) rmSync(file);
  } catch {
    // It is gone, or cannot be removed: it holds nobody back.
  }
}

/**
 * Whether who held a lock, or a lease of another kind, has ended: told by its process, and from another machine by its silence,
 * of five minutes.
 * @param silentSeconds since its last sign of life
 * @example
 * ```ts
 * import { isGone, lockHolder } from '@counterweight/core/files';
 *
 * const holder = await lockHolder('work/.lock');
 * console.log(holder !== undefined && isGone(holder, holder.silentSeconds)); // false
 * ```
 */
export function isGone(holder: ProcessIdentity, silentSeconds: number): boolean {
  const running = isRunning(holder);
  return running === undefined ? silentSeconds * 1000 > SILENCE_MS : !running;
}

const isLeftOver = (holder: LockHolder): boolean => isGone(holder, holder.silentSeconds);

/** `unfinished`: created a moment ago, its content is still to come. One whose content never came is nobody's. */
async function readHolder(file: string): Promise<LockHolder | 'gone' | 'unfinished'> {
  try {
    const [text, silentMs] = [await readFile(file, 'utf8'), await ageOf(file)];
    const holder = parse(text);
    if (holder) return { ...holder, silentSeconds: silentMs / 1000 };
    if (silentMs < MOMENT_MS) return 'unfinished';
    await rm(file, { force: true });
    return 'gone';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
}

function parse(text: string): Omit<LockHolder, 'silentSeconds'> | undefined {
  try {
    const { token, host, machine, pid, startedAt } = JSON.parse(text) as Record<string, unknown>;
    if (typeof token !== 'string' || typeof host !== 'string' || typeof machine !== 'string') return undefined;
    if (typeof pid !== 'number') return undefined;
    return { token, host, machine, pid, startedAt: typeof startedAt === 'string' ? startedAt : null };
  } catch {
    return undefined;
  }
}

/**
 * Puts a lock of our own in the place of a left-over one. Several processes may have found it: one of them may do it at
 * a time, and looks whether it is still the same. False where somebody else was first.
 */
async function takeOver(file: string, token: string, content: string): Promise<boolean> {
  const guard = `${file}.takeover`;
  if (!(await createExclusively(guard, ''))) {
    if ((await ageOf(guard).catch(() => 0)) > MOMENT_MS) await rm(guard, { force: true });
    await sleep(50);
    return false;
  }
  try {
    const holder = await readHolder(file);
    if (typeof holder === 'string' || holder.token !== token) return false;
    await writeFile(guard, content);
    await rename(guard, file);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

async function createExclusively(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // A full disk: the file was created, and nothing could be written.
    if (code === 'ENOSPC' || code === 'EDQUOT') await rm(file, { force: true });
    throw error;
  }
}

const ageOf = async (file: string): Promise<number> => Date.now() - (await stat(file)).mtimeMs;
