import { randomUUID } from 'node:crypto';
import { identityOf, isGone, type ProcessIdentity } from '@counterweight/core/files';
import type { Place } from './bucket.ts';
import { type Lease, type Lost, parseLease, type Taken } from './lease.ts';
import { unreachable } from './reach-store.ts';

const HEARTBEAT_MS = 20_000;

interface Leased<Progress> {
  /** Nobody's, where it is missing. */
  readonly holder?: ProcessIdentity;
  /** Which taking of the lease has written this. */
  readonly writer?: string;
  /** Counts up, so that no two versions are the same. */
  readonly beat: number;
  readonly progress?: Progress;
}

/**
 * Takes a lease that is an object, which says who works at something, and how far that is. It is written on condition only: that
 * it is not there yet, or is what was read of it. So one of many gets it, and who has lost it can write nothing of it any more.
 * Its holder writes it anew every now and then; that one has fallen silent is told by the store's clock alone.
 */
export async function takeLease<Progress>(place: Place, key: string, lost: Lost): Promise<Lease<Progress> | Taken> {
  const found = await read<Progress>(place, key);
  const heldBy = found?.content.holder;
  if (heldBy && !isGone(heldBy, found.silentSeconds)) return { heldBy };
  const token = randomUUID();
  const own = { place, key, token };
  let content: Leased<Progress> = {
    ...found?.content,
    holder: identityOf(process.pid),
    writer: token,
    beat: (found?.content.beat ?? 0) + 1,
  };
  let version = await writeOn(own, content, found?.version);
  // Another was first: it is looked who.
  if (version === undefined) return takeLease(place, key, lost);
  let beat = content.beat;
  const advance = async (change: object): Promise<void> => {
    if (version === undefined) throw lost(key);
    // Counted on whether it is written or not: so no two versions are the same.
    const next = { ...content, ...change, beat: ++beat };
    version = await writeOn(own, next, version);
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
  let isBeating = false;
  const heartbeat = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    // One that fails is noticed where it matters, when something is written; a store that is away may be back by then.
    inTurn({})
      .catch(() => {})
      .finally(() => {
        isBeating = false;
      });
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    get progress() {
      return content.progress;
    },
    write: (progress) => inTurn({ progress }),
    release: () => inTurn({ holder: undefined }).finally(() => clearInterval(heartbeat)),
  };
}

interface Own {
  readonly place: Place;
  readonly key: string;
  /** Of this one taking of the lease. */
  readonly token: string;
}

async function read<Progress>({ store, url, bucket }: Place, key: string) {
  const response = await store.getObjectResponse(key);
  if (!response) return undefined;
  const text = await response.text().catch((error: Error) => {
    throw unreachable(url, error);
  });
  const content = parseLease<Leased<Progress>>(text, `s3://${bucket}/${key}`);
  const time = (header: string) => Date.parse(response.headers.get(header) ?? '') || Date.now();
  const silentSeconds = (time('date') - time('last-modified')) / 1000;
  return { content, version: response.headers.get('etag') ?? undefined, silentSeconds };
}

/** @param version as it is thought to be. @returns the one that it has now; undefined where somebody else has written it */
async function writeOn<Progress>(
  own: Own,
  content: Leased<Progress>,
  version: string | undefined,
): Promise<string | undefined> {
  const { place, key, token } = own;
  const condition = version === undefined ? { 'if-none-match': '*' } : { 'if-match': version };
  try {
    // The client's type knows Amazon's own headers only; it signs and sends these as well.
    const headers = condition as never;
    const response = await place.store.putObject(key, JSON.stringify(content), 'application/json', undefined, headers);
    const etag = response.headers.get('etag');
    if (etag !== null) return etag;
  } catch (error) {
    // 404: to replace what is gone; 409: another was writing it at the same moment.
    if (![404, 409, 412].includes((error as { status?: number }).status ?? 0)) throw error;
    const now = await read<Progress>(place, key);
    // It was written, and we had not heard of it.
    if (now && now.content.writer === content.writer && now.content.beat === content.beat) return now.version;
    // Something was written by us before, and we had not heard of that.
    if (now && now.content.writer === token) return writeOn(own, content, now.version);
    return undefined;
  }
  return (await read<Progress>(place, key))?.version;
}
