import { hostname } from 'node:os';
import { UserError } from '../errors.ts';
import { byFirst } from '../training/communicator.ts';
import type { Workers } from '../workers/open-workers.ts';
import type { ClaimedFolder } from './claim-run-folder.ts';
import { asJson, differenceAmongWorkers, keptOf } from './compare-runs.ts';
import { type FineTuneOptions, type PreparedRun, prepareRun } from './prepare-run.ts';

/**
 * The same run at every worker. The first one goes ahead: what it downloads, tokenizes and settles (the precision, the
 * day) is there for the others, who are held against it.
 * @throws {UserError} where the run cannot be made, or a worker has other rows, another model or other options
 */
export async function prepareTogether<Row>(
  options: FineTuneOptions<Row>,
  folder: ClaimedFolder,
  workers: Workers,
): Promise<PreparedRun<Row>> {
  let run: PreparedRun<Row> | undefined;
  const description = await byFirst(workers, async () => {
    run = await prepareRun(options, folder, workers);
    return asJson(run.description);
  });
  if (workers.size === 1 && run) return run;
  const training = keptOf(description, options.training);
  run ??= await prepareRun({ ...options, training, resume: false }, folder, workers);
  const own = asJson(run.description);
  const difference = differenceAmongWorkers(description, own) ?? differentArithmetic(description, own);
  const all = await workers.exchange({ host: hostname(), difference });
  const other = all.findIndex((one) => one.difference !== undefined);
  if (other < 0) return run;
  throw new UserError({
    code: 'option-invalid',
    problem: `Workers have different runs: ${all[other]?.difference}.`,
    where: `worker ${other} on ${all[other]?.host}`,
    fix: 'Start all workers with the same command, and give every machine the same rows and model.',
  });
}

/** Updates are made at every worker: other instructions would round them otherwise, and the weights drift apart. */
function differentArithmetic(first: object, own: object): string | undefined {
  const [theirs, ours] = [first, own].map(arithmeticOf);
  if (theirs === ours) return undefined;
  return `the first worker's engine is ${theirs}, this one's ${ours} (COUNTERWEIGHT_KERNELS holds all to one instruction set)`;
}

/** What computes, but for the number of its threads, which changes nothing. */
const arithmeticOf = (description: object): string =>
  'engine' in description
    ? String((description.engine as { description?: unknown }).description).replace(/, \d+ threads?$/, '')
    : '';
