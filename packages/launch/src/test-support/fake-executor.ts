import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Executor, type Job, type TaskState, Unreachable } from '../executor.ts';

/** What becomes of a task: `stays` runs until told otherwise. */
export type Fate = 'done' | 'fails' | 'crashes' | 'stays' | 'unreachable';

/** Puts a file into the folder of a trial, wherever that is. */
export type Leave = (item: string, name: string, value: object) => Promise<void>;

/** A cluster in memory, which outlives executors: what becomes of the n-th try of a trial is the test's to say. */
export function fakeCluster(fateOf: (item: string, attempt: number) => Fate, leave: Leave) {
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
        if (fate === 'done') await finish(file, leave);
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

/** A trial that is done, as far as a launcher looks. */
async function finish(item: string, leave: Leave): Promise<void> {
  await leave(item, 'outcome.json', { validation: { completionLoss: 1 } });
  await leave(item, 'predictions.jsonl', {});
  await leave(item, 'done', { seconds: 1 });
}
