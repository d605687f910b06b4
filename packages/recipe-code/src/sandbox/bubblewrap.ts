import { lstatSync, readlinkSync } from 'node:fs';
import type { ExecutionLimits } from './limits.ts';
import { foldersAbove, type Runtime } from './runtime.ts';

/** Where things lie inside. This is the only place that can be written to; a program begins in a folder of its own there. */
const WRITABLE = '/tmp';
export const SCRATCH = `${WRITABLE}/program`;
const HARNESS = '/harness';
const MODULES = '/node_modules';

/** The system's libraries; a link among them (`/lib` → `usr/lib`) stays one. Nothing else of the system is there. */
const LIBRARIES = ['/usr/lib', '/usr/lib32', '/usr/lib64', '/lib', '/lib32', '/lib64', '/nix/store', '/gnu/store'];
const LINKER_CACHE = '/etc/ld.so.cache';
const PRLIMIT = '/usr/bin/prlimit';
const SETPRIV = '/usr/bin/setpriv';

/** Programs that a sandbox is made of. */
export const sandboxTools = { bubblewrap: '/usr/bin/bwrap', prlimit: PRLIMIT, setpriv: SETPRIV } as const;

export interface Cell {
  readonly runtime: Runtime;
  readonly limits: ExecutionLimits;
  /** A folder of Node packages that programs may read. */
  readonly nodeModules?: string | undefined;
  /** Set when root runs the sandbox: the user, unknown to the system, that the program becomes. */
  readonly userId?: number | undefined;
  /** Descriptors that bubblewrap reads: the filter for system calls, and the harness. */
  readonly seccompDescriptor: number;
  readonly harnessDescriptor: number;
}

/**
 * The arguments of bubblewrap for one program: no network, no processes but its own, none of the system but libraries
 * and the interpreter, all read-only; a scratch folder in memory; an environment with nothing in it; no /proc.
 *
 * An ordinary user gets a user namespace. Root needs none and must not stay root, for whom the kernel does not count
 * processes: the program becomes a user that has no account and owns nothing.
 */
export function bubblewrapArguments(cell: Cell): string[] {
  const { runtime, limits, nodeModules, userId } = cell;
  const asRoot = userId !== undefined;
  const isolation = asRoot
    ? ['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'].concat([
        '--cap-drop',
        'ALL',
        '--cap-add',
        'CAP_SETUID',
        '--cap-add',
        'CAP_SETGID',
      ])
    : ['--unshare-all', '--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL'];
  const readable = [...runtime.readable, PRLIMIT, ...(asRoot ? [SETPRIV] : [])];
  const harness = `${HARNESS}/${runtime.harness.name}`;
  return [
    ...isolation,
    ...['--die-with-parent', '--new-session', '--hostname', 'sandbox', '--clearenv'],
    ...Object.entries(runtime.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    // First, so that an interpreter that lies below /tmp is not hidden by it.
    ...['--perms', '1777', '--size', String(limits.scratchMegabytes * 2 ** 20), '--tmpfs', WRITABLE],
    ...['--perms', '1777', '--dir', SCRATCH, '--chdir', SCRATCH],
    ...LIBRARIES.flatMap(library),
    ...readOnly(LINKER_CACHE, LINKER_CACHE, '--ro-bind-try'),
    ...readable.flatMap((path) => readOnly(path, path)),
    ...(nodeModules === undefined ? [] : readOnly(nodeModules, MODULES)),
    ...folders(harness),
    ...['--perms', '0444', '--ro-bind-data', String(cell.harnessDescriptor), harness],
    ...['--dev', '/dev', '--remount-ro', '/dev'],
    ...['--remount-ro', '/', '--seccomp', String(cell.seccompDescriptor), '--'],
    ...[PRLIMIT, ...resourceLimits(cell), '--'],
    ...(asRoot ? [SETPRIV, '--reuid', String(userId), '--regid', String(userId), '--clear-groups', '--'] : []),
    ...[runtime.executable, ...runtime.arguments, harness],
  ];
}

/** Set inside, where the limit on processes counts those of the sandbox only. */
function resourceLimits({ runtime, limits }: Cell): string[] {
  const processorSeconds = Math.ceil(limits.timeoutSeconds);
  return [
    `--cpu=${processorSeconds}:${processorSeconds}`,
    `--data=${runtime.dataBytes}`,
    `--fsize=${limits.scratchMegabytes * 2 ** 20}`,
    `--nproc=${limits.processes}`,
    '--nofile=256',
    '--core=0',
    '--msgqueue=0',
    '--memlock=65536',
  ];
}

function library(path: string): string[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status) return [];
  return status.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : readOnly(path, path);
}

function readOnly(from: string, to: string, how = '--ro-bind'): string[] {
  return [...folders(to), how, from, to];
}

/** The folders above a path, which bubblewrap would otherwise make for root alone. */
function folders(path: string): string[] {
  return foldersAbove(path).flatMap((folder) => ['--perms', '0755', '--dir', folder]);
}
