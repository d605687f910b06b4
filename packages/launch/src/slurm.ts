import type { Executor, Job, TaskState } from './executor.ts';
import { runProgram } from './run-program.ts';
import { ofItems, type SlurmOptions, slurmScript } from './slurm-script.ts';

/**
 * Job arrays of Slurm, through its own programs. A job is found by its name, so that one whose number was not written down,
 * because the launcher or the controller went away in between, is not submitted twice.
 * @example
 * ```ts
 * import { launchSweep, slurm } from '@counterweight/launch';
 *
 * const executor = slurm({ partition: 'cpu' });
 * const command = ['npx', 'counterweight', 'worker'];
 * const { done } = await launchSweep({ sweep: 'sweeps/first', executor, command, atOnce: 64 });
 * ```
 */
export function slurm(options: SlurmOptions = {}): Executor {
  return {
    name: 'slurm',
    lookSeconds: 3,
    async submit(job) {
      if (numberOf(job) !== undefined) return;
      const number = (await findByName(job.id)) ?? (await submitScript(job, options));
      await job.notes.write(NUMBER, number);
    },
    async observe(job) {
      const number = numberOf(job);
      if (number === undefined) return job.items.map(() => 'waiting');
      const states = await statesOf(number);
      // Slurm forgets what has ended some minutes ago.
      return job.items.map((_, index) => states.get(index) ?? 'ended');
    },
    async cancel(job) {
      const number = numberOf(job) ?? (await findByName(job.id));
      if (number !== undefined) await ask('scancel', [number]);
      // Nothing has come of it, and nothing is to.
      else await job.notes.write(NUMBER, '0');
    },
  };
}

const NUMBER = 'slurm job';
const numberOf = ({ notes }: Job): string | undefined => notes.read(NUMBER);

/** Messages of a controller that is being started again, or has too much to do. */
const PASSING =
  /unable to contact|connection (refused|timed? ?out)|socket timed out|zero bytes|temporarily unavailable|communication|try again|not responding|in backup mode|protocol authentication|munge/i;

const ask = (program: string, args: readonly string[], input?: string): Promise<string> =>
  runProgram(program, args, {
    isPassing: (errors) => PASSING.test(errors),
    ...(input !== undefined && { input }),
  });

async function submitScript(job: Job, options: SlurmOptions): Promise<string> {
  const script = slurmScript({ ...job, tasks: job.items.length }, options, ofItems(job.command, job.items));
  // `number;cluster`, where there are several.
  return (await ask('sbatch', ['--parsable'], script)).trim().split(';')[0] as string;
}

/** Who keeps accounts is asked too, where anybody does: of a job that ended long ago only he knows. */
async function findByName(name: string): Promise<string | undefined> {
  const queued = await ask('squeue', ['--noheader', '--states=all', `--name=${name}`, '--format=%F']);
  const kept = ['--noheader', '--allocations', '--parsable2', '--format=JobID', `--name=${name}`];
  const accounted = queued.trim() === '' ? await ask('sacct', kept).catch(() => '') : '';
  return /\d+/.exec(`${queued}${accounted}`)?.[0];
}

async function statesOf(number: string): Promise<Map<number, TaskState>> {
  const query = ['--noheader', '--array', '--states=all', `--jobs=${number}`, '--format=%K|%T|%r'];
  const lines = await ask('squeue', query).catch((error: unknown) => {
    if (error instanceof Error && /invalid job id/i.test(error.message)) return '';
    throw error;
  });
  const states = new Map<number, TaskState>();
  for (const line of lines.split('\n')) {
    const [index = '', state = '', reason = ''] = line.trim().split('|');
    if (!/^\d+$/.test(index)) continue;
    const isStuck = STATES[state] === 'waiting' && STUCK.test(reason);
    if (isStuck) await ask('scancel', [`${number}_${index}`]);
    states.set(Number(index), isStuck ? 'ended' : (STATES[state] ?? 'ended'));
  }
  return states;
}

/** A node could not start it, and it would wait until somebody releases it. It is taken out: what is not done is asked for anew. */
const STUCK = /launch.failed.requeued.held/i;

/** As squeue writes them; all others are ends. */
const STATES: Readonly<Record<string, TaskState>> = {
  PENDING: 'waiting',
  CONFIGURING: 'waiting',
  REQUEUED: 'waiting',
  REQUEUE_FED: 'waiting',
  REQUEUE_HOLD: 'waiting',
  SPECIAL_EXIT: 'waiting',
  RESV_DEL_HOLD: 'waiting',
  SUSPENDED: 'running',
  RUNNING: 'running',
  COMPLETING: 'running',
  SIGNALING: 'running',
  STAGE_OUT: 'running',
  STOPPED: 'running',
  RESIZING: 'running',
};
