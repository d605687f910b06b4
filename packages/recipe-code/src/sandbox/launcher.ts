import { setMaxListeners } from 'node:events';
import type { ExecutionLimits } from './limits.ts';
import { type Ending, type Launch, supervise } from './supervise.ts';

/** What the launcher is asked, and what it answers. */
export interface LaunchRequest {
  readonly id: number;
  readonly launch: Launch;
  readonly limits: ExecutionLimits;
}

export type LaunchAnswer = { readonly id: number } & ({ readonly ending: Ending } | { readonly problem: string });

/** The process that `launch` starts programs from. It and what runs end with the process that asks. */
const gone = new AbortController();
setMaxListeners(0, gone.signal);

process.on('message', ({ id, launch, limits }: LaunchRequest) => {
  const answer = (answer: LaunchAnswer) => process.connected && process.send?.(answer);
  supervise(launch, limits, gone.signal).then(
    (ending) => answer({ id, ending }),
    (error: Error) => answer({ id, problem: error.message }),
  );
});
process.on('disconnect', () => {
  gone.abort();
  process.exit();
});
// A terminal sends them to every process in front; what is to end then, the one that asks decides.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
