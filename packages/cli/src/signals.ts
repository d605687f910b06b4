/** Signals that ask a program to end, with their number: a shell reports 128 and the number. */
export const stopSignals = { SIGHUP: 1, SIGINT: 2, SIGUSR1: 10, SIGPIPE: 13, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof stopSignals;

export const exitCodeOf = (signal: StopSignal): number => 128 + stopSignals[signal];

/** Somebody asked the program to end, and the command has come to an orderly end. It is also the abort's reason. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: StopSignal;
  /** For `--json`: the run and what is in it. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly exitCode: number;

  constructor(
    signal: StopSignal,
    message = 'Stopped.',
    facts: Readonly<Record<string, unknown>> = {},
    exitCode: number = exitCodeOf(signal),
  ) {
    super(message);
    this.signal = signal;
    this.facts = facts;
    this.exitCode = exitCode;
  }
}

/** Of SIGUSR1 a cluster's scheduler makes use: the time that it gave is nearly over. */
const HEARD = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR1'] as const;

type Listen = (event: (typeof HEARD)[number], listener: () => void) => unknown;

interface SignalSource {
  readonly on: Listen;
  readonly stdout: { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };
  readonly stderr: {
    on(event: 'error', listener: () => void): unknown;
    write(text: string): unknown;
  };
  exit(code: number): unknown;
}

/**
 * Within so many milliseconds the same signal is the same wish: `timeout`, `npm` and other starters send it to the
 * process, and to the group that the process is in. A finger takes longer.
 */
const SAME_WISH = 100;

/**
 * The first signal asks: it aborts what is returned, with an `Interrupted` as the reason. The second ends the process
 * at once; whatever was being saved is written aside and renamed, so what was there stays.
 */
export function listenForSignals(source: SignalSource, now: () => number = () => performance.now()): AbortSignal {
  const controller = new AbortController();
  let first: { readonly name: StopSignal; readonly at: number } | undefined;
  for (const name of HEARD) {
    source.on(name, () => {
      if (first?.name === name && now() - first.at < SAME_WISH) return undefined;
      first ??= { name, at: now() };
      if (controller.signal.aborted) return source.exit(exitCodeOf(name));
      source.stderr.write('\nStopping, and saving what there is to save; once more stops at once.\n');
      controller.abort(new Interrupted(name));
    });
  }
  // The reader of a pipe may leave early (`| head`): that is its right. Of a closed terminal SIGHUP tells.
  source.stdout.on('error', ({ code }) => {
    if (code === 'EPIPE') controller.abort(new Interrupted('SIGPIPE'));
  });
  source.stderr.on('error', () => {});
  return controller.signal;
}
