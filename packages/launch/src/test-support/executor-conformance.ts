import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Executor, Job, TaskState } from '../executor.ts';
import { testJobs } from './test-jobs.ts';

interface Suite {
  /** Another one each time, as a launcher that is started again has it. */
  open(): Executor;
  /** Whether it finds a job again without a note of having submitted it, as if it had been killed before that. */
  readonly findsWithoutNotes?: boolean;
  readonly timeoutMs?: number;
}

/** What every executor promises, tried on whatever cluster it is that it talks to. */
export function executorConformance(
  name: string,
  { open, findsWithoutNotes = false, timeoutMs = 60_000 }: Suite,
): void {
  const { newJob, linesOf, begun, remove } = testJobs();
  afterAll(remove);
  const until = untilOf(open);

  describe(`executor ${name}`, { timeout: timeoutMs }, () => {
    it('does every task of a job once, each with its item and the environment, however often it is asked', async () => {
      const items = ['ends 0', "ends with 'quotes' and $SIGNS", 'ends 2'];
      const job = await newJob(items);
      await Promise.all([letGo(job), open().submit(job)]);
      await until(job, all('ended'));
      await until(job, all('ended'));
      const lines = linesOf(job);
      expect(
        lines
          .filter(({ event }) => event === 'ends')
          .map(({ item }) => item)
          .sort(),
      ).toEqual([...items].sort());
      expect(begun(job).map(({ word }) => word)).toEqual(items.map(() => job.env.WORD));
    });

    it('says what waits, what runs and what has ended, and keeps to the limit', async () => {
      const job = await newJob(['stays 0', 'stays 1', 'stays 2'], 1);
      await until(job, (states) => states.includes('running') && begun(job).length === 1);
      expect([...(await open().observe(job))].sort()).toEqual(['running', 'waiting', 'waiting']);
      await sleep(500);
      expect(begun(job).length).toBe(1);
      await letGo(job);
      expect(await until(job, all('ended'))).toEqual(['ended', 'ended', 'ended']);
      const order = linesOf(job).map(({ event }) => event);
      expect(order).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
    });

    it('calls a task that fails or crashes ended, and goes on with the others', async () => {
      const job = await newJob(['fails', 'crashes', 'ends']);
      await letGo(job);
      await until(job, all('ended'));
      expect(begun(job).length).toBe(3);
      expect(linesOf(job).filter(({ event }) => event === 'ends').length).toBe(1);
    });

    it('that is cancelled ends what runs as SIGTERM does, and begins nothing more', async () => {
      const job = await newJob(['stays 0', 'stays 1'], 1);
      await until(job, () => begun(job).length === 1);
      await open().cancel(job);
      await until(job, all('ended'));
      await until(job, all('ended'));
      expect(linesOf(job).map(({ event }) => event)).toEqual(['begins', 'told to end']);
    });

    it.skipIf(!findsWithoutNotes)('finds a job again that it was killed over before it had noted it', async () => {
      const job = await newJob(['stays']);
      await until(job, () => begun(job).length === 1);
      job.forget();
      await until(job, all('running'));
      await letGo(job);
      await until(job, all('ended'));
      expect(begun(job).length).toBe(1);
    });
  });
}

const letGo = ({ folder }: Job): Promise<void> => writeFile(join(folder, 'go'), '');

const all =
  (state: TaskState) =>
  (states: readonly TaskState[]): boolean =>
    states.every((one) => one === state);

/** As a launcher does: asks and looks, again and again. */
function untilOf(open: Suite['open']) {
  return async (job: Job, isSo: (states: readonly TaskState[]) => boolean): Promise<readonly TaskState[]> => {
    for (;;) {
      const executor = open();
      await executor.submit(job);
      const states = await executor.observe(job);
      if (isSo(states)) return states;
      await sleep(200);
    }
  };
}
