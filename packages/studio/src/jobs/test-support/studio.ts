import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobState, JobStatus } from '../job.ts';
import type { Jobs } from '../open-jobs.ts';
import type { FakeLine } from './fake-command.ts';

/** A command that takes as long as it is told to. */
export const fakeProgram = [
  process.execPath,
  '--no-warnings',
  fileURLToPath(new URL('./fake-command.ts', import.meta.url)),
];

/** What fake commands have said, in order. */
export const readFakeLog = (log: string): FakeLine[] =>
  readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FakeLine);

/** Waits until a job is as it should be. */
export async function until(
  jobs: Jobs,
  id: string,
  isSo: JobStatus | ((state: JobState) => boolean),
): Promise<JobState> {
  for (;;) {
    const state = await jobs.get(id);
    if (!state) throw new Error(`${id} is lost`);
    if (typeof isSo === 'string' ? state.status === isSo : isSo(state)) return state;
    await sleep(20);
  }
}
