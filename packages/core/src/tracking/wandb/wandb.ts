import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { resolve } from 'import-meta-resolve';
import { UserError } from '../../errors.ts';
import { ownProgram } from '../../files/own-program.ts';
import { type Scalars, scalarsOf } from '../scalars.ts';
import { settingsOf } from '../settings.ts';
import type { Tracker } from '../tracker.ts';
import type { ToWandb } from './wandb-worker.ts';

export interface WandbOptions {
  /** `project`, or `entity/project` for a team's. */
  readonly project: string;
  /** Default: the name of the run folder. */
  readonly runName?: string | undefined;
}

const PACKAGE = '@wandb/sdk';

/**
 * A run of Weights & Biases, through its own package `@wandb/sdk` (with `graphql`), which has to be installed beside
 * core. Settings are the run's config, numbers of steps and evaluations its history. Access: WANDB_API_KEY; a server of
 * your own: WANDB_BASE_URL. What that package cannot do: a run that is resumed begins a new run there, named with
 * the step it goes on from, and there is no report of a failure beyond the exit code.
 *
 * It runs in a thread of its own: it ends its process on Ctrl-C, and where a server refuses it throws what nobody can catch.
 * @throws {UserError} `option-invalid` where the package or the key is missing
 * @example
 * ```ts
 * import { fineTune, plain, wandb } from '@counterweight/core';
 *
 * const trackers = [wandb({ project: 'support' })];
 * await fineTune({ recipe: plain(), model: 'org/name', data: 'rows.jsonl', output: 'runs/first', trackers });
 * ```
 */
export function wandb({ project, runName }: WandbOptions): Tracker {
  const [name = '', entity] = project.split('/').reverse();
  const sdk = locateSdk();
  if (!process.env.WANDB_API_KEY) {
    const problem = 'There is no key for Weights & Biases.';
    throw refused(problem, 'Set WANDB_API_KEY to the key that wandb.ai/authorize shows.');
  }
  let thread: ReturnType<typeof startThread> | undefined;
  let pending: Scalars | undefined;
  const log = () => {
    if (pending) thread?.tell({ type: 'log', ...pending });
    pending = undefined;
  };
  return {
    name: 'Weights & Biases',
    async begin({ folder, description, step }) {
      const named = runName ?? basename(folder);
      const config = settingsOf(description);
      thread = startThread();
      const run = { project: name, entity, name: step === 0 ? named : `${named} from step ${step}`, config };
      await thread.ask({ type: 'begin', sdk, ...run });
    },
    onEvent(event) {
      const scalars = scalarsOf(event);
      if (!scalars) return;
      // One line a step: the package keeps back a second one of the same.
      if (pending?.step !== scalars.step) log();
      pending = { step: scalars.step, values: { ...pending?.values, ...scalars.values } };
    },
    async end({ status }) {
      log();
      await thread?.ask({ type: 'end', exitCode: status === 'finished' ? 0 : 1 });
      await thread?.close();
    },
  };
}

/**
 * Looked for where one works, then beside core. It is no peer of core's: npm asks its registry about optional peers too, and
 * about theirs, 30 MB of metadata for everyone.
 * @throws {UserError} where it is not installed
 */
function locateSdk(): string {
  const found = [pathToFileURL(join(process.cwd(), 'here.js')).href, import.meta.url].map(sdkFrom).find(Boolean);
  if (found !== undefined) return found;
  const problem = 'Weights & Biases is spoken to by its own package, which is not installed.';
  throw refused(problem, `Install it: npm install ${PACKAGE} graphql.`);
}

function sdkFrom(place: string): string | undefined {
  try {
    // Both are its own: graphql is what it asks its user to install.
    resolve('graphql', place);
    const url = resolve(PACKAGE, place);
    return existsSync(new URL(url)) ? url : undefined;
  } catch {
    return undefined;
  }
}

const refused = (problem: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where: 'option wandb', fix });

/** The thread that the package runs in; once it has failed, it fails for everyone who asks. */
function startThread() {
  // What the package prints is not for a terminal on which a bar is drawn.
  const worker = new Worker(ownProgram('tracking/wandb/wandb-worker'), { stdout: true, stderr: true });
  worker.unref();
  const failing = new Promise<never>((_, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('Its package has ended.')));
  });
  failing.catch(() => {});
  const tell = (message: ToWandb) => worker.postMessage(message);
  return {
    tell,
    close: () => worker.terminate(),
    async ask(message: ToWandb): Promise<void> {
      const answered = new Promise<void>((resolve, reject) => {
        worker.once('message', ({ error }: { error?: string }) => {
          if (error === undefined) resolve();
          else reject(new Error(error));
        });
      });
      // It keeps the process alive for as long as somebody waits.
      worker.ref();
      tell(message);
      await Promise.race([answered, failing]).finally(() => worker.unref());
    },
  };
}
