import { describe, expect, it } from 'vitest';
import { breather, orAbort } from './abort.ts';

/** Aborts at the event loop's next turn, as a signal's handler does. */
function abortSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(reason));
  return controller.signal;
}

describe('breather', () => {
  it('ends a loop that never waits for anything outside', async () => {
    const reason = new Error('enough');
    const breathe = breather(abortSoon(reason), 0);
    const loop = async () => {
      for (let i = 0; i < 1e6; i++) await breathe();
    };
    await expect(loop()).rejects.toBe(reason);
  });

  it('has nothing to wait for as long as little time has passed', () => {
    expect(breather(undefined, 1e9)()).toBeUndefined();
  });

  it('throws at once where the abort is there already', () => {
    const reason = new Error('enough');
    expect(breather(AbortSignal.abort(reason))).toThrow(reason);
  });
});

describe('orAbort', () => {
  it('is the promise, or the reason to stop waiting for it', async () => {
    const never = new Promise<number>(() => {});
    const reason = new Error('enough');
    await expect(orAbort(never, abortSoon(reason))).rejects.toBe(reason);
    await expect(orAbort(never, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(orAbort(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
    await expect(orAbort(Promise.reject(reason), new AbortController().signal)).rejects.toBe(reason);
    await expect(orAbort(Promise.resolve(7), undefined)).resolves.toBe(7);
  });
});
