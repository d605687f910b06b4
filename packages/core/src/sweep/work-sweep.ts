import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { runHolder } from '../run/claim-run-folder.ts';
import { describeInputs } from '../run/describe-run.ts';
import { type Bench, benchKey, openBench } from './open-bench.ts';
import type { OpenedSweep } from './options.ts';
import { comparedTrials, type SweepPlan, type Trial, trainingOf, tuningTrials } from './plan.ts';
import { runTrial } from './run-trial.ts';
import type { TrialClaim } from './shared-trials.ts';
import { isDone, readFailure, trialFolder, writeFailure } from './trial-folder.ts';
import { rateIn, tunedRates } from './tuned-rates.ts';

/** What became of the trials of a sweep. */
export interface SweptTrials {
  readonly done: number;
  readonly failed: readonly { readonly trial: Trial; readonly message: string }[];
}

/** How often trials of other processes are looked at: in a folder, and where asking takes longer, and costs. */
const WAIT_MS = { here: 1000, shared: 5000 } as const;

/**
 * The second step of a sweep: runs whatever is not done, and waits for what others are at. Any number of processes, on
 * any machines that see the folder, can be at it.
 * @param index one trial only, by its place in the plan. Where learning rates are to be found first, whoever needs them
 *   helps to find them: one that only waited would be in the way of those that do.
 * @throws {UserError} where rows, model or tokenizer are not those that were planned
 * @throws the signal's reason
 */
export async function workSweep<Row>(options: OpenedSweep<Row>, plan: SweepPlan, index?: number): Promise<SweptTrials> {
  const tuning = tuningTrials(plan);
  const worker = openWorker(options, plan);
  try {
    if (index !== undefined && index < tuning.length) return await worker.runAll(tuning.slice(index, index + 1));
    const tuned = await worker.runAll(tuning);
    const rates = plan.tune && (await tunedRates(options.output, plan));
    const unfound = rates?.find(({ learningRate }) => learningRate === undefined);
    if (unfound) throw noRate(unfound.point, options.output);
    if (rates) options.onEvent?.({ type: 'tuned', rates });
    const all = comparedTrials(plan, rates && rateIn(rates));
    if (index !== undefined) return await worker.runAll(all.slice(index - tuning.length, index - tuning.length + 1));
    const compared = await worker.runAll(all);
    return { done: tuned.done + compared.done, failed: [...tuned.failed, ...compared.failed] };
  } finally {
    worker.close();
  }
}

/** One trial of a sweep; where another process is at it, it is waited for. */
export async function workTrial<Row>(options: OpenedSweep<Row>, plan: SweepPlan, trial: Trial): Promise<SweptTrials> {
  const worker = openWorker(options, plan);
  return worker.runAll([trial]).finally(worker.close);
}

type Ran = 'done' | 'elsewhere' | { readonly failed: string };

const isElsewhere = (error: unknown): boolean => error instanceof UserError && error.code === 'run-folder-in-use';

/** Gives a trial back that lies elsewhere too, however it ended here. */
async function untilEnd(claim: TrialClaim | undefined, run: () => Promise<Ran>): Promise<Ran> {
  let result: Ran;
  try {
    result = await run();
  } catch (error) {
    // What ended it is told, and not that it could not be brought there.
    await claim?.end().catch(() => {});
    throw error;
  }
  try {
    await claim?.end();
    return result;
  } catch (error) {
    if (isElsewhere(error)) return 'elsewhere';
    throw error;
  }
}

function openWorker<Row>(options: OpenedSweep<Row>, plan: SweepPlan) {
  const { output, onEvent, signal, shared } = options;
  const waitMs = shared ? WAIT_MS.shared : WAIT_MS.here;
  const openedAt = Date.now();
  let bench: { readonly key: string; readonly open: Bench<Row> } | undefined;
  const close = () => {
    bench?.open.dispose();
    bench = undefined;
  };
  const benchFor = async (trial: Trial): Promise<Bench<Row>> => {
    const training = trainingOf(plan, trial);
    const key = benchKey(training);
    if (bench?.key === key) return bench.open;
    close();
    bench = { key, open: await openBench(options, plan, training) };
    await assertPlanned(bench.open, options, plan);
    return bench.open;
  };
  const runHere = async (trial: Trial, folder: string, claim: TrialClaim | undefined): Promise<Ran> => {
    if (isDone(folder)) return 'done';
    const startedAt = performance.now();
    // What is wrong with the sweep as a whole is no failure of a trial.
    const open = await benchFor(trial);
    try {
      const { validation } = await runTrial(open, { options, plan, trial, folder, onSaved: claim?.save });
      onEvent?.({ type: 'trial-done', trial, validation, seconds: (performance.now() - startedAt) / 1000 });
      return 'done';
    } catch (error) {
      signal?.throwIfAborted();
      if (isElsewhere(error)) return 'elsewhere';
      // What it left of its tensors goes with it.
      close();
      const message = error instanceof Error ? error.message : String(error);
      await writeFailure(folder, message).catch(() => {});
      onEvent?.({ type: 'trial-failed', trial, message });
      return { failed: message };
    }
  };
  const runOne = async (trial: Trial): Promise<Ran> => {
    const folder = trialFolder(resolve(output), trial);
    if (!shared && isDone(folder)) return 'done';
    // What failed before is tried again; what has just failed in another process would fail here too.
    const failure = await readFailure(folder);
    if (failure && failure.at >= openedAt) return { failed: failure.message };
    // A model is not read to wait beside it.
    if (await runHolder(folder)) return 'elsewhere';
    const claim = await shared?.claim(folder);
    if (typeof claim === 'string') return claim;
    return untilEnd(claim, () => runHere(trial, folder, claim));
  };
  const runAll = async (trials: readonly Trial[]): Promise<SweptTrials> => {
    const failed: { trial: Trial; message: string }[] = [];
    let open = trials;
    while (open.length > 0) {
      const elsewhere: Trial[] = [];
      for (const trial of open) {
        signal?.throwIfAborted();
        const result = await runOne(trial);
        if (result === 'elsewhere') elsewhere.push(trial);
        else if (result !== 'done') failed.push({ trial, message: result.failed });
      }
      open = elsewhere;
      if (open.length > 0) await sleep(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
    return { done: trials.length - failed.length, failed };
  };
  return { runAll, close };
}

/** @throws {UserError} `option-invalid` naming what is not as it was planned */
async function assertPlanned<Row>({ task }: Bench<Row>, options: OpenedSweep<Row>, plan: SweepPlan): Promise<void> {
  const now = await describeInputs(task, options);
  const kinds = Object.keys(now) as (keyof typeof now)[];
  const hashes = (of: SweepPlan['inputs'], kind: keyof typeof now) => of[kind].map(({ sha256 }) => sha256).join();
  const changed = kinds.filter((kind) => hashes(now, kind) !== hashes(plan.inputs, kind));
  if (changed.length === 0) return;
  throw new UserError({
    code: 'option-invalid',
    problem: `The ${changed.join(', ')} here ${changed.length === 1 ? 'is' : 'are'} not what the sweep was planned with.`,
    where: changed.flatMap((kind) => now[kind].map(({ path, file }) => path ?? file)).join(', '),
    fix: 'Bring the files that were planned with, or plan another sweep with another --output.',
  });
}

const noRate = (point: Trial['settings'], sweep: string): UserError =>
  new UserError({
    code: 'training-diverged',
    problem: `No learning rate could be found for ${JSON.stringify(point)}: each training failed.`,
    where: resolve(sweep),
    fix: 'Ask for a lower --learning-rate.',
  });
