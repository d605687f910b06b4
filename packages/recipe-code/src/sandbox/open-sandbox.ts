import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import { bubblewrapArguments, SCRATCH, sandboxTools } from './bubblewrap.ts';
import { launch } from './launch.ts';
import type { ExecutionLimits } from './limits.ts';
import type { Runtime } from './runtime.ts';
import { SandboxUnavailableError } from './sandbox-unavailable.ts';
import { seccompFilter } from './seccomp.ts';
import type { Ending } from './supervise.ts';

/** A place to run programs in. `input` goes to the harness's standard input. */
export type Place = (runtime: Runtime, input: string) => Promise<Ending>;

export interface SandboxChoice {
  readonly limits: ExecutionLimits;
  readonly nodeModules?: string | undefined;
}

/** Users that no system gives out: above the range of systemd and containers, below 2³¹. */
const FIRST_USER = 0x60000000;
const USERS = 2 ** 24;

/**
 * The bubblewrap sandbox.
 * @throws {SandboxUnavailableError} saying what is missing; that it works is proven by the first program (see
 * `programRunner`)
 */
export async function openSandbox({ limits, nodeModules }: SandboxChoice): Promise<Place> {
  if (process.platform !== 'linux') throw unavailable(`it needs Linux, and this is ${process.platform}`);
  const filter = seccompFilter(process.arch);
  if (!filter) throw unavailable(`there is no filter of system calls for ${process.arch}`);
  const isRoot = process.getuid?.() === 0;
  for (const [name, path] of Object.entries(sandboxTools)) {
    if ((isRoot || name !== 'setpriv') && !isExecutable(path)) throw unavailable(`there is no ${path}`);
  }
  const { stdout } = await promisify(execFile)(sandboxTools.bubblewrap, ['--version'], { env: {} });
  if (!isRecent(stdout)) throw unavailable(`${stdout.trim()} is older than 0.8`);
  return (runtime, input) =>
    launch(
      {
        file: sandboxTools.bubblewrap,
        arguments: bubblewrapArguments({
          runtime,
          limits,
          nodeModules,
          userId: isRoot ? FIRST_USER + randomInt(USERS) : undefined,
          seccompDescriptor: 4,
          harnessDescriptor: 5,
        }),
        workingFolder: '/',
        environment: {},
        input,
        data: [filter, Buffer.from(runtime.harness.text)],
        ownGroup: false,
        scratch: SCRATCH,
      },
      limits,
    );
}

export function unavailable(why: string): SandboxUnavailableError {
  return new SandboxUnavailableError(
    `Programs that a model has written are not run here: the sandbox is not to be had, ${why}.`,
    'Install bubblewrap 0.8 or newer on Linux (apt-get install bubblewrap); or set "passAt" to [] and do without ' +
      'running programs; or, where whatever such a program does is acceptable, set "unsafeExecution" to true.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** bubblewrap 0.7 brought limited scratch folders, 0.8 the ban on further user namespaces. */
function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return major > 0 || minor >= 8;
}
