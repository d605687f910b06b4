import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity, writeFileDurably } from '@counterweight/core/files';
import type { Executor, Job, TaskState } from './executor.ts';

/**
 * Processes on this machine, which outlive the one that starts them. The file `0.process` says which process a task is; a
 * launcher that was killed between starting it and writing that starts another one, which a worker's lease makes wait.
 * @example
 * ```ts
 * import { launchSweep, local } from '@counterweight/launch';
 *
 * const command = ['npx', 'counterweight', 'worker'];
 * const { done } = await launchSweep({ sweep: 'sweeps/first', executor: local(), command, atOnce: 2 });
 * ```
 */
export function local(): Executor {
  const observe = (job: Job) => Promise.all(job.items.map((_, index) => stateOf(job, index)));
  return {
    name: 'local',
    lookSeconds: 0.5,
    async submit(job) {
      const states = await observe(job);
      let room = job.atOnce - states.filter((state) => state === 'running').length;
      for (const [index, state] of states.entries()) {
        if (state !== 'waiting' || room-- <= 0) continue;
        await start(job, index);
      }
    },
    observe,
    async cancel(job) {
      await writeFile(cancelled(job), '');
      for (const index of job.items.keys()) {
        const task = await readProcess(job, index);
        if (task && isRunning(task)) process.kill(task.pid, 'SIGTERM');
      }
    },
  };
}

const cancelled = ({ folder }: Job): string => join(folder, 'cancelled');
const processFile = ({ folder }: Job, index: number): string => join(folder, `${index}.process`);

async function readProcess(job: Job, index: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(processFile(job, index), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

async function stateOf(job: Job, index: number): Promise<TaskState> {
  const task = await readProcess(job, index);
  if (task) return isRunning(task) ? 'running' : 'ended';
  return existsSync(cancelled(job)) ? 'ended' : 'waiting';
}

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
    await writeFileDurably(processFile(job, index), JSON.stringify(identityOf(child.pid as number)));
  } finally {
    await log.close();
  }
}
