import { randomUUID } from 'node:crypto';
import { identityOf, isGone, type ProcessIdentity, UserError } from '@counterweight/core/files';
import type { S3mini } from 's3mini';

const HEARTBEAT_MS = 20_000;

/**
 * An object that says who works at something, and how far that is. It is written on condition only: that it is not there yet,
 * or is what was read of it. So one of many gets it, and who has lost it can write nothing of it any more. Its holder writes it
 * anew every now and then; that one has fallen silent is told by the store's clock alone.
 */
export interface ObjectLease<Progress> {
  /** What was written down last. */
  readonly progress: Progress | undefined;
  /** Writes down how far it is. @throws {UserError} `run-folder-in-use` where somebody else has it by now */
  write(progress: Progress | undefined): Promise<void>;
  /** Gives it back, with what was written down last. @throws {UserError} as `write` */
  release(): Promise<void>;
}

interface Leased<Progress> {
  /** Nobody's, where it is missing. */
  readonly holder?: ProcessIdentity & { readonly token: string };
  /** Counts up, so that no two versions are the same. */
  readonly beat: number;
  readonly progress?: Progress;
}

/** Takes the lease. @returns undefined where another process has it */
export async function takeLease<Progress>(store: S3mini, key: string): Promise<ObjectLease<Progress> | undefined> {
  const found = await read<Progress>(store, key);
  if (found?.content.holder && !isGone(found.content.holder, found.silentSeconds)) return undefined;
  const holder = { token: randomUUID(), ...identityOf(process.pid) };
  let content: Leased<Progress> = { ...found?.content, holder, beat: (found?.content.beat ?? 0) + 1 };
  let version = await writeOn(store, key, { content, version: found?.version });
  if (version === undefined) return undefined;
  const advance = async (change: object): Promise<void> => {
    if (version === undefined) throw lost(key);
    const next = { ...content, ...change, beat: content.beat + 1 };
    version = await writeOn(store, key, { content: next, version });
    if (version === undefined) throw lost(key);
    content = next;
  };
  // One after the other: each has to know the version that the one before has made.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (change: object): Promise<void> => {
    const turn = last.then(() => advance(change));
    last = turn.catch(() => {});
    return turn;
  };
  // One that fails is noticed where it matters, when something is written; a store that is away may be back by then.
  const heartbeat = setInterval(() => inTurn({}).catch(() => {}), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    get progress() {
      return content.progress;
    },
    write: (progress) => inTurn({ progress }),
    release: () => inTurn({ holder: undefined }).finally(() => clearInterval(heartbeat)),
  };
}

interface Version<Progress> {
  readonly content: Leased<Progress>;
  /** Its ETag, as it was sent. */
  readonly version: string | undefined;
}

async function read<Progress>(store: S3mini, key: string) {
  const response = await store.getObjectResponse(key);
  if (!response) return undefined;
  const content = (await response.json()) as Leased<Progress>;
  const time = (header: string) => Date.parse(response.headers.get(header) ?? '') || Date.now();
  const silentSeconds = (time('date') - time('last-modified')) / 1000;
  return { content, version: response.headers.get('etag') ?? undefined, silentSeconds };
}

/** @returns the version that it has now; undefined where it was another one than was thought */
async function writeOn<Progress>(
  store: S3mini,
  key: string,
  { content, version }: Version<Progress>,
): Promise<string | undefined> {
  const condition = version === undefined ? { 'if-none-match': '*' } : { 'if-match': version };
  try {
    // The client's type knows Amazon's own headers only; it signs and sends these as well.
    const response = await store.putObject(
      key,
      JSON.stringify(content),
      'application/json',
      undefined,
      condition as never,
    );
    const etag = response.headers.get('etag');
    if (etag !== null) return etag;
  } catch (error) {
    const { status } = error as { status?: number };
    // 404: to replace what is gone; 409: another was writing it at the same moment.
    if (status !== undefined && ![404, 409, 412].includes(status)) throw error;
    const now = await read<Progress>(store, key);
    const isOurs = now?.content.holder?.token === content.holder?.token && now?.content.beat === content.beat;
    // It was written, and we had not heard of it.
    if (now && isOurs) return now.version;
    if (status === undefined) throw error;
    return undefined;
  }
  return (await read<Progress>(store, key))?.version;
}

const lost = (key: string): UserError =>
  new UserError({
    code: 'run-folder-in-use',
    problem: 'Another worker has taken this trial over, because this one was silent for too long.',
    where: key,
    fix: 'Leave it to the other one.',
  });
