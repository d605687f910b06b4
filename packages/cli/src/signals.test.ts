import { expect, it } from 'vitest';
import { Interrupted, listenForSignals } from './signals.ts';

/** A process that notes how it ends. */
function fakeProcess() {
  const listeners = new Map<string, (error?: unknown) => void>();
  const exits: number[] = [];
  const source = {
    on: (event: string, listener: () => void) => listeners.set(event, listener),
    stdout: {
      on: (_: 'error', listener: (error: NodeJS.ErrnoException) => void) => listeners.set('stdout', listener as never),
    },
    stderr: { on: () => {}, write: () => {} },
    exit: (code: number) => void exits.push(code),
  };
  const send = (name: string, error?: unknown) => listeners.get(name)?.(error);
  return { source, exits, send };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGUSR1', 138],
] as const)('%s asks once, and ends at once when it comes again', (name, code) => {
  const { source, exits, send } = fakeProcess();
  let milliseconds = 0;
  const signal = listenForSignals(source, () => milliseconds);
  send(name);
  expect(signal.reason).toBeInstanceOf(Interrupted);
  expect([signal.reason.signal, exits]).toEqual([name, []]);
  // As `timeout` sends it: to the process, and to its group.
  milliseconds = 20;
  send(name);
  expect(exits).toEqual([]);
  milliseconds = 300;
  send(name);
  expect(exits).toEqual([code]);
});

it('ends with the number of the second signal, whatever the first was', () => {
  const { source, exits, send } = fakeProcess();
  listenForSignals(source);
  send('SIGINT');
  send('SIGTERM');
  expect(exits).toEqual([143]);
});

it('stops where nobody reads what it writes, but not for a terminal that is gone: that has a signal', () => {
  const { source, send } = fakeProcess();
  const signal = listenForSignals(source);
  send('stdout', { code: 'EIO' });
  expect(signal.aborted).toBe(false);
  send('stdout', { code: 'EPIPE' });
  expect(signal.reason.signal).toBe('SIGPIPE');
});
