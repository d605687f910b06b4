import { describe, expect, it } from 'vitest';
import { atOnce, breather, orAbort, type Steps, withBreaths } from './abort.ts';

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

describe('work in steps', () => {
  function* sum(count: number, freed: string[] = []): Steps<number> {
    let total = 0;
    try {
      for (let i = 1; i <= count; i++) {
        yield;
        total += i;
      }
      return total;
    } finally {
      freed.push('freed');
    }
  }

  it('comes to the same at once, with breaths, and within other work', async () => {
    function* twice(): Steps<number> {
      return (yield* sum(3)) + (yield* sum(4));
    }
    expect(atOnce(twice())).toBe(16);
    expect(await withBreaths(twice())).toBe(16);
    let breaths = 0;
    expect(await withBreaths(twice(), () => void breaths++)).toBe(16);
    expect(breaths).toBe(7);
    expect(await withBreaths(twice(), breather(undefined, 0))).toBe(16);
  });

  it('frees what it holds when a breath throws, and throws the same', async () => {
    const reason = new Error('enough');
    const freed: string[] = [];
    await expect(withBreaths(sum(1e9, freed), breather(abortSoon(reason), 0))).rejects.toBe(reason);
    expect(freed).toEqual(['freed']);
  });
});
