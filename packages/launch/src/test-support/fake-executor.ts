import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Executor, type Job, type TaskState, Unreachable } from '../executor.ts';

/** What becomes of a task: `stays` runs until told otherwise. */
export type Fate = 'done' | 'fails' | 'crashes' | 'stays' | 'unreachable';

/** A cluster in memory, which outlives executors: what becomes of the n-th try of a trial is the test's to say. */
export function fakeCluster(fateOf: (file: string, attempt: number) => Fate) {
  const states = new Map<string, TaskState[]>();
  const tries = new Map<string, number>();
  const submitted: Job[] = [];
  const cancelled: string[] = [];
  const executor: Executor = {
    name: 'fake',
    lookSeconds: 0.01,
    async submit(job) {
      if (states.has(job.id)) return;
      submitted.push(job);
      states.set(
        job.id,
        job.items.map(() => 'running'),
      );
      for (const item of job.items) tries.set(item, (tries.get(item) ?? 0) + 1);
    },
    async observe(job) {
      const own = states.get(job.id) ?? job.items.map(() => 'waiting');
      for (const [index, file] of job.items.entries()) {
        if (own[index] !== 'running') continue;
        const fate = fateOf(file, tries.get(file) ?? 0);
        if (fate === 'unreachable') throw new Unreachable('the controller is away');
        if (fate === 'stays') continue;
        own[index] = 'ended';
        if (fate === 'done') await finish(file);
        if (fate === 'fails') await leave(file, 'failed.json', { message: 'It diverged.' });
        if (fate === 'crashes')
          await writeFile(join(job.folder, `${index}.log`), 'much before\nKilled: out of memory\n');
      }
      return own;
    },
    async cancel(job) {
      cancelled.push(job.id);
    },
  };
  return { executor, submitted, cancelled, tries };
}

async function leave(file: string, name: string, value: object): Promise<void> {
  const folder = join(dirname(dirname(file)), 'trials', basename(file, '.json'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), JSON.stringify(value));
}

/** A trial that is done, as far as a launcher looks. */
export async function finish(file: string, completionLoss = 1): Promise<void> {
  await leave(file, 'outcome.json', { validation: { completionLoss } });
  await leave(file, 'done', { seconds: 1 });
}
