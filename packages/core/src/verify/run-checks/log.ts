import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointsIn } from '../../run/run-folder.ts';
import { EVALUATIONS, METRICS, readEvaluations, wrongLines } from '../../run/run-log.ts';
import type { Check } from '../check.ts';
import { hasHeldOut, type RunSubject } from '../run-subject.ts';
import { listed } from './inputs.ts';

export const log: Check<RunSubject> = {
  name: 'log',
  claim: 'every step and the last evaluation are logged',
  tolerance: () => 0,
  reason: 'lines are there or they are not: it counts those that are not',
  meaning:
    'What the logs say of the run is not all that happened, or not what happened: a curve drawn from them is another.',
  async measure({ run, record, description }) {
    if (!record) return { skipped: 'without result.json nobody knows how many steps there were' };
    const lines = await wrongLines(run, record.steps);
    const evaluations = await readEvaluations(run);
    const isEvaluated = evaluations.some(({ step }) => step === record.resultStep);
    const edited = await editedLogs(run);
    const wrong = [
      ...lines.map(
        (number) =>
          `${METRICS}, line ${number}: ${number > record.steps ? 'of no step of the run' : `not step ${number}`}`,
      ),
      ...(isEvaluated || !hasHeldOut(description)
        ? []
        : [
            `${EVALUATIONS} has no evaluation of the result, step ${record.resultStep}: train with --resume makes it up`,
          ]),
      ...(lines.length > 0 ? [] : edited),
    ];
    return [{ difference: wrong.length, found: listed(wrong) }];
  },
};

/** Logs whose beginning is not what a checkpoint keeps of it. */
async function editedLogs(run: string): Promise<string[]> {
  const checkpoints = await readdir(checkpointsIn(run)).catch(() => []);
  const edited: string[] = [];
  for (const name of [METRICS, EVALUATIONS]) {
    const now = await textOf(join(run, name));
    const other = await firstWith(checkpoints, async (checkpoint) => {
      const then = await textOf(join(checkpointsIn(run), checkpoint, name));
      return !now.startsWith(then);
    });
    if (other !== undefined) edited.push(`${name} is not what checkpoints/${other} keeps of it`);
  }
  return edited;
}

async function firstWith<T>(items: readonly T[], fits: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await fits(item)) return item;
  return undefined;
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
