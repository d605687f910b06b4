import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity, UserError } from '@counterweight/core/files';
import type { Executor, Job, TaskState } from './executor.ts';

/**
 * Processes on this machine, which outlive the one that starts them. A note says which process a task is; a launcher that was
 * killed between starting it and writing that starts another one, which a worker's lease makes wait. To a launcher on another
 * machine what runs here has ended: what it starts waits too.
 * @example
 * ```ts
 * import { launchSweep, local } from '@counterweight/launch';
 *
 * const command = ['npx', 'counterweight', 'worker'];
 * const { done } = await launchSweep({ sweep: 'sweeps/first', executor: local(), command, atOnce: 2 });
 * ```
 */
export function local(): Executor {
  const statesOf = (job: Job): TaskState[] => job.items.map((_, index) => stateOf(job, index));
  return {
    name: 'local',
    lookSeconds: 0.5,
    async submit(job) {
      const states = statesOf(job);
      let room = job.atOnce - states.filter((state) => state === 'running').length;
      for (const [index, state] of states.entries()) {
        if (state !== 'waiting' || room-- <= 0) continue;
        await start(job, index);
      }
    },
    observe: async (job) => statesOf(job),
    async cancel(job) {
      const tasks = job.items.flatMap((_, index) => processOf(job, index) ?? []);
      const elsewhere = tasks.find((task) => isRunning(task) === undefined && task.host !== hostname());
      if (elsewhere) throw isElsewhere(elsewhere, job);
      await job.notes.write(CANCELLED, 'yes');
      for (const task of tasks) if (isRunning(task)) process.kill(task.pid, 'SIGTERM');
    },
  };
}

const CANCELLED = 'cancelled';
const processNote = (index: number): string => `process ${index}`;

function processOf(job: Job, index: number): ProcessIdentity | undefined {
  const text = job.notes.read(processNote(index));
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

function stateOf(job: Job, index: number): TaskState {
  const task = processOf(job, index);
  if (task) return isRunning(task) ? 'running' : 'ended';
  return job.notes.read(CANCELLED) === undefined ? 'waiting' : 'ended';
}

const isElsewhere = ({ host, pid }: ProcessIdentity, { id }: Job): UserError =>
  new UserError({
    code: 'launcher-refused',
    problem: `Processes of this launch were started on ${host}, and cannot be ended from here: the first of them was ${pid}.`,
    where: id,
    fix: `Cancel it on ${host}.`,
  });

async function start(job: Job, index: number): Promise<void> {
  const [program = '', ...rest] = [...job.command, job.items[index] as string];
  const log = await open(join(job.folder, `${index}.log`), 'a');
  try {
    const child = spawn(program, rest, {
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      windowsHide: true,
      env: { ...process.env, ...job.env },
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    await job.notes.write(processNote(index), JSON.stringify(identityOf(child.pid as number))).catch((error) => {
      // Nobody would know of it.
      child.kill();
      throw error;
    });
  } finally {
    await log.close();
  }
}
