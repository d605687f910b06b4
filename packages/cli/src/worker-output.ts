import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchedBy } from '@counterweight/core';

/** Of several workers that train one model, the first one speaks for all: the others are silent, whoever would print. */

/**
 * What is wrong for all workers the first one says, and ends them all; the others give it so long to do so. A worker that
 * is still there then has a reason of its own.
 */
const MOMENT_MS = 1_500;

type Write = (text: string | Uint8Array, ...rest: unknown[]) => boolean;

interface Outlet {
  write: Write;
}

/** The process, as far as it is silenced. */
export interface Speaker {
  readonly stdout: Outlet;
  readonly stderr: Outlet;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type LastWords = (exitCode: number, stop: AbortSignal) => Promise<void>;

const silenced = new Map<Speaker, LastWords>();

/** From here on this process prints nothing, if it is a worker that is not the first. */
export function silenceWorker(speaker: Speaker): void {
  const { rank = 0 } = launchedBy(speaker.env) ?? {};
  if (rank === 0 || silenced.has(speaker)) return;
  const speak = speaker.stderr.write.bind(speaker.stderr);
  let said = '';
  const silent =
    (keep: boolean): Write =>
    (text, ...rest) => {
      if (keep) said += String(text);
      const written = rest.find((one) => typeof one === 'function');
      if (written) written();
      return true;
    };
  speaker.stdout.write = silent(false);
  speaker.stderr.write = silent(true);
  silenced.set(speaker, async (exitCode, stop) => {
    const error = said.lastIndexOf('error:');
    if (exitCode === 0 || error < 0) return;
    const isAlone = await sleep(MOMENT_MS, true, { signal: stop }).catch(() => false);
    if (isAlone) speak(`worker ${rank} on ${hostname()}: ${said.slice(error)}`);
  });
}

/** Before a silenced process ends: what went wrong with this worker alone. */
export const lastWords = async (speaker: Speaker, ...[exitCode, stop]: Parameters<LastWords>): Promise<void> =>
  silenced.get(speaker)?.(exitCode, stop);
