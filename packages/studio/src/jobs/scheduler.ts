import type { JobError } from './job.ts';
import { isMoving } from './job-status.ts';
import { launch } from './launch.ts';
import { nextOf } from './queue.ts';
import type { TrackedJob } from './tracked-job.ts';
import type { InTurn } from './turns.ts';

/** How often it is looked at what runs: also an earlier studio's processes, of which nothing is heard. */
const LOOK_MS = 1000;

interface World {
  readonly program: readonly string[];
  readonly concurrency: number;
  readonly inTurn: InTurn;
  /** A job's state is another. */
  readonly tell: (id: string) => void;
}

export interface Scheduler {
  /** Looks at what may have changed by itself, and starts what may start: soon, and once for all who ask meanwhile. */
  lookAround(): void;
  close(): void;
}

export function openScheduler(
  jobs: ReadonlyMap<string, TrackedJob>,
  { program, concurrency, inTurn, tell }: World,
): Scheduler {
  const launching = new Set<string>();
  let isAsked = false;
  let isOpen = true;

  const start = (job: TrackedJob) => {
    const { id, attempt } = job.job();
    launching.add(id);
    launch(job.folder, program)
      .catch(({ message }: Error): JobError => ({ code: 'unexpected', message }))
      .then((error) => {
        launching.delete(id);
        if (error) job.failedToBegin(attempt, error);
        lookAround();
      });
  };
  const look = async () => {
    isAsked = false;
    for (const [id, job] of jobs) {
      // What cannot be read now can be read in a second.
      if (isMoving(job.state().status) && (await job.look().catch(() => false))) tell(id);
    }
    const states = [...jobs.values()].map((job) => job.state());
    for (const id of isOpen ? nextOf(states, launching, concurrency) : []) start(jobs.get(id) as TrackedJob);
  };
  const lookAround = () => {
    if (isAsked || !isOpen) return;
    isAsked = true;
    inTurn(look);
  };
  const timer = setInterval(lookAround, LOOK_MS);
  lookAround();
  return {
    lookAround,
    close() {
      isOpen = false;
      clearInterval(timer);
    },
  };
}
