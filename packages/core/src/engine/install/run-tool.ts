import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from '../../errors.ts';

export interface ToolOptions {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the program, and those that it has started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program to its end and returns what it wrote to standard output; its standard error is shown only on failure.
 *
 * @throws {UserError} `engine-unavailable` when the program is not there or does not exit with 0; the signal's reason
 */
export async function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: pip starts others, a compiler too, and nobody would end those.
    detached: GROUPS,
  });
  const stop = () => endGroup(child);
  signal?.addEventListener('abort', stop, { once: true });
  if (atWork.size === 0) process.once('exit', endAll);
  atWork.add(child);
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const end = await new Promise<{ code: number | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }));
    child.once('close', (code) => resolve({ code }));
  });
  signal?.removeEventListener('abort', stop);
  atWork.delete(child);
  if (atWork.size === 0) process.off('exit', endAll);
  signal?.throwIfAborted();
  if (end.error) throw installationFailed(`${program} could not be started: ${end.error.message}`);
  if (end.code !== 0) throw installationFailed(`${program} failed:\n${lastLines(complaints || output)}`);
  return output;
}

const GROUPS = process.platform !== 'win32';

/** What ends with this process, if it is left in the midst of them. */
const atWork = new Set<ChildProcess>();
const endAll = () => {
  for (const child of atWork) endGroup(child);
};

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(GROUPS ? -pid : pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

/** Whether a program can be started with these arguments and exits with 0. */
export async function toolWorks(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await runTool(program, args, { folder: process.cwd() });
    return true;
  } catch {
    return false;
  }
}

/** The error of every way in which an installation can end; it always says that the work can go on without. */
export function installationFailed(
  problem: string,
  fix = 'see what these lines say (often it is the network) and run `counterweight engine install` again',
): UserError {
  return new UserError({
    code: 'engine-unavailable',
    problem: `The native engine cannot be installed: ${problem}`,
    fix: `${fix}; meanwhile everything works on WebAssembly, slower`,
  });
}

function lastLines(text: string, count = 12): string {
  const lines = text.trim().split('\n');
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
