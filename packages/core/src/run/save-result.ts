import { statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyPool } from '../engine/empty-pool.ts';
import { UserError } from '../errors.ts';
import { writeFolderDurably } from '../files/durable.ts';
import { explainWriteError } from '../files/write-error.ts';
import { counterweightHome } from '../home.ts';
import type { TrainingEvent } from '../training/events.ts';
import { type RunOutcome, writeResultRecord } from './result-record.ts';

/** Where a result lies: in one of the two. */
export interface ResultFolders {
  readonly adapter: string;
  readonly model: string;
}

export interface SavingOptions {
  /** The run folder. */
  readonly run: string;
  readonly name: keyof ResultFolders;
  readonly outcome: RunOutcome;
  /** @throws {UserError} where the run folder has become another run's */
  readonly assertHeld: () => Promise<void>;
  /** Writes the result into a folder. */
  readonly write: (folder: string) => Promise<void>;
  /** How long a place that cannot be written to is tried again. */
  readonly waitSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

const RETRY_MS = 5_000;

export const resultFolders = (folder: string): ResultFolders => ({
  adapter: join(folder, 'adapter'),
  model: join(folder, 'model'),
});

/**
 * Saves what was trained, which may have taken a night. Where it cannot be written, on a full disk above all, it is
 * tried again until somebody has made room; and when nobody does, or the program is told to stop, it is saved in
 * Counterweight's own folder instead. So it is when the run folder has become another run's.
 * @throws {UserError} `output-unwritable`, saying where the result is, when it is not in the run folder
 */
export async function saveResult(options: SavingOptions): Promise<void> {
  const { run, name, outcome, assertHeld, write, waitSeconds, signal, onEvent } = options;
  const folder = resultFolders(run)[name];
  emptyPool();
  const save = () =>
    writeFolderDurably(folder, async (aside) => {
      await write(aside);
      // Before the result gets its name, so that from then on the run is finished.
      await writeResultRecord(run, { name, folder: aside, outcome });
    });
  const deadline = Date.now() + 1000 * waitSeconds;
  for (;;) {
    await assertHeld().catch(async (lost: unknown) => {
      throw lost instanceof UserError ? await saveElsewhere(options, lost) : lost;
    });
    const failure = await failureOf(save, run);
    if (!failure) return onEvent?.({ type: 'saved', step: outcome.resultStep, folder });
    const secondsLeft = Math.max(0, Math.round((deadline - Date.now()) / 1000));
    onEvent?.({
      type: 'saving-failed',
      path: failure.where ?? run,
      message: failure.problem,
      secondsLeft: signal?.aborted ? 0 : secondsLeft,
    });
    if (secondsLeft === 0 || signal?.aborted) throw await saveElsewhere(options, failure);
    await sleep(Math.min(RETRY_MS, 1000 * secondsLeft), undefined, { signal }).catch(() => {});
  }
}

/**
 * Reports that something else than the result was not written: the run goes on without.
 * @throws every error that has other reasons
 */
export function reportUnwritten(error: unknown, run: string, onEvent: SavingOptions['onEvent']): void {
  const mistake = mendable(error, run);
  if (!mistake) throw error;
  const { where: path = run, problem: message } = mistake;
  onEvent?.({ type: 'saving-failed', path, message, secondsLeft: null });
}

/** What kept something from being written, as far as somebody could mend it. @throws everything else */
async function failureOf(write: () => Promise<void>, path: string): Promise<UserError | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    const mistake = mendable(error, path);
    if (mistake) return mistake;
    throw error;
  }
}

function mendable(error: unknown, path: string): UserError | undefined {
  const mistake = explainWriteError(error, path, '--output');
  return mistake instanceof UserError && mistake.code === 'output-unwritable' ? mistake : undefined;
}

/** The last resort. @returns the mistake to report, which says where the result is now */
async function saveElsewhere({ run, name, write }: SavingOptions, failure: UserError): Promise<UserError> {
  const folder = join(counterweightHome(), 'rescued', `${basename(run)}-${Date.now()}`, name);
  const rescued = !(await failureOf(() => writeFolderDurably(folder, write), folder));
  return new UserError({
    code: 'output-unwritable',
    problem: `The training is done, but its result could not be saved. ${failure.problem}`,
    where: failure.where ?? run,
    fix: rescued
      ? `It was saved in ${folder} instead: move it to where you want it.`
      : 'Make room, and run the same command with --resume: it goes on from the last checkpoint.',
    cause: failure,
  });
}

/**
 * @param bytes of the result
 * @throws {UserError} `output-unwritable` when it could not be saved in the end, so that nobody trains for that
 */
export async function assertRoom(run: string, bytes: number): Promise<void> {
  const free = await statfs(run).then(
    // Some file systems do not know their size.
    ({ blocks, bavail, bsize }) => (blocks > 0 ? bavail * bsize : Infinity),
    () => Infinity,
  );
  if (free >= bytes) return;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} MB`;
  throw new UserError({
    code: 'output-unwritable',
    problem: `There is no room for the result: it takes ${megabytes(bytes)}, and ${megabytes(free)} are free.`,
    where: run,
    fix: 'Free some space, or choose another --output.',
  });
}
