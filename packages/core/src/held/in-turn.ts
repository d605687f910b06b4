import { orAbort } from '../abort.ts';

/** Work that is done one after the other, in the order in which it came. */
export interface Turns {
  /** @throws the reason of the signal, also while the turn is waited for: the others then come sooner */
  take<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async take(work, signal) {
      signal?.throwIfAborted();
      const before = last;
      const own = before.then(() => {
        signal?.throwIfAborted();
        return work();
      });
      last = own.catch(() => {});
      // Who leaves the queue does not wait for those before; who is at work is waited for until it has left things tidy.
      await orAbort(before, signal).catch((reason) => {
        own.catch(() => {});
        throw reason;
      });
      return own;
    },
  };
}
