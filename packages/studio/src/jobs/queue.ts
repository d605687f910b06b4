import type { JobState } from './job.ts';
import { hasProcess } from './job-status.ts';

/**
 * The jobs to start now, in this order.
 * @param launching ids of those whose process was started and has not ended
 * @param concurrency of trainings and sweeps; an export waits for nothing
 */
export function nextOf(
  jobs: readonly JobState[],
  launching: ReadonlySet<string>,
  concurrency: number,
): readonly string[] {
  const isBusy = ({ id, status }: JobState) => launching.has(id) || hasProcess(status);
  const waiting = jobs
    .filter((job) => job.status === 'queued' && !isBusy(job))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const exports = waiting.filter(({ kind }) => kind === 'export');
  const others = waiting.filter(({ kind }) => kind !== 'export');
  const busy = jobs.filter((job) => job.kind !== 'export' && isBusy(job)).length;
  return [...exports, ...others.slice(0, Math.max(0, concurrency - busy))].map(({ id }) => id);
}

const placeOf = ({ queuedAt, createdAt }: JobState): string => `${queuedAt} ${createdAt}`;
