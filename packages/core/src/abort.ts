/** How long work may go on without letting the event loop turn: an abort comes through it, from a signal or a timer. */
const BREATH_MS = 100;

/** Lets the event loop turn once. */
export const turnOfEventLoop = (): Promise<void> =>
  new Promise((resolve) => void (typeof setImmediate === 'function' ? setImmediate(resolve) : setTimeout(resolve)));

/** Awaited where an abort may be heard: see {@link breather}. */
export type Breathe = () => Promise<void> | undefined;

/**
 * For loops that never wait for anything outside: awaited between two items, it lets the event loop turn now and then,
 * so that an abort can be heard, and costs a look at the clock otherwise.
 * @returns a function that throws the abort's reason once there is one
 */
export function breather(signal: AbortSignal | undefined, everyMs = BREATH_MS): Breathe {
  let last = performance.now();
  const turn = async () => {
    await turnOfEventLoop();
    last = performance.now();
    signal?.throwIfAborted();
  };
  return () => {
    signal?.throwIfAborted();
    return performance.now() - last < everyMs ? undefined : turn();
  };
}

/**
 * Work with places (`yield`) where it may be left, or the event loop may turn: done {@link atOnce}, or {@link withBreaths}.
 * What it holds it frees in `finally` or `catch`.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** All of it without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  let turn = steps.next();
  while (!turn.done) turn = steps.next();
  return turn.value;
}

/** With a breath at each of its places. @throws what a breath throws, when the work has freed what it held */
export async function withBreaths<Result>(steps: Steps<Result>, breathe: Breathe = () => undefined): Promise<Result> {
  let turn = steps.next();
  while (!turn.done) {
    try {
      // Mostly there is nothing to wait for, and no turn of the promises is taken.
      const breath = breathe();
      if (breath) await breath;
    } catch (reason) {
      turn = steps.throw(reason);
      continue;
    }
    turn = steps.next();
  }
  return turn.value;
}

/** What a promise comes to, unless the signal aborts first: then its reason is thrown, and the promise is left alone. */
export function orAbort<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
