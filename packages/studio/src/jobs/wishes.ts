import type { Job, JobStatus } from './job.ts';
import { isMoving } from './job-status.ts';

/** What its user may ask of a job that is there. */
export type Wish = 'pause' | 'resume' | 'stop' | 'remove';

/** The job when the wish is granted; the same object where its status leaves nothing to ask. */
export function grant(wish: Wish, job: Job, status: JobStatus, now: string): Job {
  switch (wish) {
    case 'pause':
      return isMoving(status) ? { ...job, wanted: 'pause' } : job;
    case 'stop':
      return isMoving(status) || status === 'paused' ? { ...job, wanted: 'stop' } : job;
    case 'remove':
      return isMoving(status) || status === 'done' ? job : { ...job, wanted: 'remove' };
    case 'resume':
      if (status === 'queued' || status === 'running' || status === 'done') return job;
      // What was paused keeps its place before those that came later.
      return {
        ...job,
        wanted: 'run',
        attempt: job.attempt + 1,
        queuedAt: job.wanted === 'pause' ? job.queuedAt : now,
      };
  }
}
