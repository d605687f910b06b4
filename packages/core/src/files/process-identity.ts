import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, so that another one can say later whether it still runs. */
export interface ProcessIdentity {
  readonly host: string;
  /** Where `pid` counts: one boot of one host, in one container. Equal on both sides, or `pid` says nothing. */
  readonly machine: string;
  readonly pid: number;
  /** When it began, in the kernel's clock ticks since boot: a number that was given out again differs. Null off Linux. */
  readonly startedAt: string | null;
}

/**
 * Of a process on this machine, which runs just now.
 * @example
 * ```ts
 * import { identityOf, isRunning } from '@counterweight/core/files';
 *
 * const me = identityOf(process.pid);
 * console.log(isRunning(me)); // true: here, and as long as it is this process that has the number
 * ```
 */
export function identityOf(pid: number): ProcessIdentity {
  return { host: hostname(), machine: machine(), pid, startedAt: startOf(pid) ?? null };
}

/**
 * Whether it runs; undefined where that cannot be told from here: another host, container or boot.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { isRunning } from '@counterweight/core/files';
 *
 * if (isRunning(JSON.parse(await readFile('job.process', 'utf8')))) console.log('It is at it.');
 * ```
 */
export function isRunning({ machine: where, pid, startedAt }: ProcessIdentity): boolean | undefined {
  if (where !== machine()) return undefined;
  if (!exists(pid)) return false;
  const started = startOf(pid);
  // Without a start time the number may have been given to another process since.
  if (startedAt === null || started === undefined) return undefined;
  return started === startedAt;
}

/** Of a container its own: the same number means another process in each. */
function machine(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const container = attempt(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot, container].filter(Boolean).join(' ');
}

/** Whether there is a process of this number here. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The start time of a process on Linux; undefined elsewhere, `ended` for one that only waits to be collected. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, which may hold anything; the third is the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(fields[0] ?? '') ? 'ended' : fields[19];
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
