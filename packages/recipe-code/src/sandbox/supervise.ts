import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionLimits } from './limits.ts';
import { childrenOf } from './process-tree.ts';
import { residentBytes } from './resident-bytes.ts';
import { scratchFiles } from './scratch-files.ts';

/** A process to start, and what it is given. */
export interface Launch {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
  /** Written to descriptors 4, 5, … and closed. Descriptor 3 is the result's. */
  readonly data: readonly Uint8Array[];
  /** Whether the process leads a group of its own, which is then killed as a whole. */
  readonly ownGroup: boolean;
  /** The scratch folder's path inside a sandbox. */
  readonly scratch?: string;
}

/** How a process ended. */
export interface Ending {
  /** What came on descriptor 3. */
  readonly result: string;
  /** The end of standard error. */
  readonly errorOutput: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The limit that ended it. */
  readonly stopped: 'timed-out' | 'out-of-memory' | 'too-much-output' | 'too-many-files' | undefined;
}

const CHECK_MILLISECONDS = 50;
/** How long bubblewrap may take to see that all is over. */
const BUBBLEWRAP_ENDS_MILLISECONDS = 500;
const RESULT_BYTES = 2 ** 16;
const KEPT_ERROR_CHARACTERS = 4000;

/**
 * Starts a process, watches time, memory and output, and kills it with all it has started as soon as one is used up, or
 * the signal says so.
 */
export function supervise(launch: Launch, limits: ExecutionLimits, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(launch.file, launch.arguments, {
      cwd: launch.workingFolder,
      env: { ...launch.environment },
      detached: launch.ownGroup,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...launch.data.map(() => 'pipe' as const)],
    });
    let stopped: Ending['stopped'];
    const kill = () => end(child, launch.ownGroup);
    const stop = (reason: NonNullable<Ending['stopped']>) => {
      stopped ??= reason;
      kill();
    };
    const unwatch = watch(child, launch, limits, stop);
    signal.addEventListener('abort', kill);
    const release = () => {
      unwatch();
      signal.removeEventListener('abort', kill);
    };

    let outputBytes = 0;
    let errorOutput = '';
    let result = '';
    const countOutput = (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > limits.outputKilobytes * 1024) stop('too-much-output');
    };
    child.stdout?.on('data', countOutput);
    child.stderr?.on('data', (chunk: Buffer) => {
      countOutput(chunk);
      errorOutput = (errorOutput + chunk.toString('utf8')).slice(-KEPT_ERROR_CHARACTERS);
    });
    const [stdin, , , results, ...data] = child.stdio as [Writable, Readable, Readable, Readable, ...Writable[]];
    results.on('data', (chunk: Buffer) => {
      result += chunk.toString('utf8');
      if (result.length > RESULT_BYTES) stop('too-much-output');
    });
    for (const [index, stream] of [stdin, ...data].entries()) {
      // A process that ends without reading breaks the pipe; how it ended says more.
      stream.on('error', () => {});
      stream.end(index === 0 ? launch.input : launch.data[index - 1]);
    }

    child.on('error', (error) => {
      release();
      reject(error);
    });
    // A process that outlives its parent may hold the pipes open: what counts is that the first one has ended.
    child.on('exit', () => {
      if (launch.ownGroup) kill();
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, 1000).unref();
    });
    child.on('close', (exitCode, endedBy) => {
      release();
      resolve({ result, errorOutput, exitCode, signal: endedBy, stopped });
    });
  });
}

/** Looks after time, memory and files until it is released. */
function watch(
  { pid }: ChildProcess,
  { scratch }: Launch,
  limits: ExecutionLimits,
  stop: (reason: NonNullable<Ending['stopped']>) => void,
): () => void {
  const scratchBytes = limits.scratchMegabytes * 2 ** 20;
  const deadline = setTimeout(() => stop('timed-out'), limits.timeoutSeconds * 1000);
  const check = setInterval(() => {
    if (pid === undefined) return;
    if (residentBytes(pid) > limits.memoryMegabytes * 2 ** 20) stop('out-of-memory');
    if (scratch && scratchFiles(pid, scratch, scratchBytes) > limits.scratchFiles) stop('too-many-files');
  }, CHECK_MILLISECONDS);
  return () => {
    clearTimeout(deadline);
    clearInterval(check);
  };
}

/**
 * Kills a process and all it has started. Of a sandbox it is the first process inside that is killed, with which the
 * kernel ends all the others: bubblewrap then sees it go and ends itself, and no zombie is left to the system.
 */
function end(child: ChildProcess, ownGroup: boolean): void {
  if (child.pid === undefined) return;
  const inside = ownGroup ? [-child.pid] : childrenOf(child.pid);
  for (const pid of inside) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  if (inside.length === 0) child.kill('SIGKILL');
  else setTimeout(() => child.kill('SIGKILL'), BUBBLEWRAP_ENDS_MILLISECONDS).unref();
}
