import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { z } from 'zod';
import { toChecks } from '../checks/to-checks.ts';
import type { Language } from '../language.ts';
import { toScript } from '../program/to-script.ts';
import { atMost } from './at-most.ts';
import { type ExecutionLimits, limitsSchema } from './limits.ts';
import { openSandbox, type Place, unavailable } from './open-sandbox.ts';
import { openUnsafe } from './open-unsafe.ts';
import type { Outcome } from './outcome.ts';
import { type Runtime, runtimeFor } from './runtime.ts';
import { SandboxUnavailableError } from './sandbox-unavailable.ts';
import type { Ending } from './supervise.ts';

/** A program and the tests that are run after it, with its top-level names. */
export interface Program {
  readonly language: Language;
  readonly source: string;
  readonly tests: string;
}

export interface RunnerOptions {
  readonly limits?: z.input<typeof limitsSchema>;
  /** The Python interpreter: a name on the PATH or a path. Default `python3`. */
  readonly python?: string;
  /** A `node_modules` folder that programs in JavaScript and TypeScript may read and load packages from. */
  readonly nodeModules?: string;
  /** Run programs without a sandbox, with all of the user's rights. Default false: then nothing runs without one. */
  readonly unsafeExecution?: boolean;
}

const PROBE_SECONDS = 30;

/** Runs a program; never throws because of what the program does. Many may be called at once: they wait their turn. */
export type ProgramRunner = (program: Program) => Promise<Outcome>;

/**
 * Runs programs isolated from the machine and from each other (see `bubblewrapArguments`).
 * The runner throws {SandboxUnavailableError} when there is no sandbox or no interpreter, before any program runs.
 */
export function programRunner(options: RunnerOptions = {}): ProgramRunner {
  const limits = limitsSchema.parse(options.limits ?? {});
  const turn = atMost(limits.parallel);
  let place: Promise<Place> | undefined;
  const runtimes = new Map<Language, Promise<Runtime>>();
  const runtimeOf = (language: Language) => {
    const known = runtimes.get(language) ?? runtimeFor(language, { python: options.python ?? 'python3', limits });
    runtimes.set(language, known);
    return known;
  };
  return async ({ language, source, tests }) => {
    place ??= openPlace(options, limits);
    const run = await place;
    const runtime = await runtimeOf(language);
    const program = await toScript(source, language);
    if ('problem' in program) return { status: 'does-not-compile', detail: program.problem };
    const checks = await toChecks(tests, language);
    if ('problem' in checks) return { status: 'does-not-compile', detail: `the tests: ${checks.problem}` };
    const nonce = randomBytes(16).toString('hex');
    const input = JSON.stringify({ nonce, program: program.code, tests: checks.code, modules: checks.modules });
    return outcomeOf(await turn(() => run(runtime, input)), nonce, limits);
  };
}

async function openPlace({ unsafeExecution, nodeModules }: RunnerOptions, limits: ExecutionLimits): Promise<Place> {
  // Every program would fail for it.
  if (nodeModules !== undefined && !statSync(nodeModules, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SandboxUnavailableError(
      `There is no folder "${nodeModules}" that programs could load packages from.`,
      'Name a node_modules folder with the option "nodeModules".',
    );
  }
  if (unsafeExecution) return openUnsafe({ limits, nodeModules });
  // Whether the kernel lets us is seen only by trying; a busy machine is given its time.
  const patient = { ...limits, timeoutSeconds: Math.max(limits.timeoutSeconds, PROBE_SECONDS) };
  const probe = await openSandbox({ limits: patient });
  const runtime = await runtimeFor('javascript', { python: '', limits: patient });
  const ending = await probe(runtime, JSON.stringify({ nonce: 'probe', program: '', tests: '', modules: [] }));
  const { status, detail } = outcomeOf(ending, 'probe', patient);
  if (status === 'not-tested') return openSandbox({ limits, nodeModules });
  throw unavailable(`bubblewrap does not work: ${ending.errorOutput.trim() || detail}`);
}

const reported = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed'), nonce: z.string() }),
  z.object({ kind: z.enum(['failed', 'not-tested', 'does-not-compile', 'ended-early']), message: z.string() }),
]);

/** A program has passed when the nonce has come back, which the harness sends after the last check, and nothing else. */
function outcomeOf(ending: Ending, nonce: string, limits: ExecutionLimits): Outcome {
  const { stopped, result, errorOutput, exitCode, signal } = ending;
  if (stopped) return { status: stopped, detail: limitMet(stopped, limits) };
  const report = reported.safeParse(parsed(result.split('\n').at(0) ?? ''));
  if (report.success && report.data.kind === 'passed' && report.data.nonce === nonce) {
    return { status: 'passed', detail: '' };
  }
  if (report.success && report.data.kind !== 'passed') return { status: report.data.kind, detail: report.data.message };
  if (/heap out of memory|Out of memory|FatalOOM/i.test(errorOutput)) {
    return { status: 'out-of-memory', detail: limitMet('out-of-memory', limits) };
  }
  if (signal === 'SIGXCPU' || exitCode === 128 + 24) return { status: 'timed-out', detail: 'processor time used up' };
  const lastLine = errorOutput.trim().split('\n').at(-1) ?? '';
  return { status: 'ended-early', detail: `exit code ${exitCode ?? signal}${lastLine && `: ${lastLine}`}` };
}

function limitMet(stopped: NonNullable<Ending['stopped']>, limits: ExecutionLimits): string {
  switch (stopped) {
    case 'timed-out':
      return `not done after ${limits.timeoutSeconds} s`;
    case 'out-of-memory':
      return `more than ${limits.memoryMegabytes} MB`;
    case 'too-much-output':
      return `more than ${limits.outputKilobytes} kB`;
    case 'too-many-files':
      return `more than ${limits.scratchFiles} files`;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
