import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SweepEvent } from '@counterweight/core';
import type { Context } from './command.ts';
import type { SweepPlace } from './sweep-place.ts';

/** How often the folder is looked at for trials that are done. */
const LOOK_MS = 1000;

/** They share the processors. */
const threadsOfEach = (processes: number): number =>
  Math.max(1, Math.floor((Number(process.env.COUNTERWEIGHT_THREADS) || availableParallelism()) / processes));

/**
 * Works at a sweep in several processes, each of which is `sweep work` on its own; what they do is seen in the folder.
 * After a signal they are told too, and waited for.
 */
export async function workInProcesses(
  { name, folder }: SweepPlace,
  processes: number,
  { core, signal, onEvent }: Pick<Context, 'core' | 'signal'> & { readonly onEvent: (event: SweepEvent) => void },
): Promise<void> {
  // What was done before is no news.
  const seen = new Set((await core.readSweep(folder)).done.map(({ trial }) => trial.id));
  const startedAt = Date.now();
  const command = [...process.execArgv, process.argv[1] as string, 'sweep', 'work', name, '--json'];
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, command, {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: { ...process.env, COUNTERWEIGHT_THREADS: String(threadsOfEach(processes)) },
    }),
  );
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ends = Promise.all(children.map(endOf));
    for (let running = true; running; ) {
      running = await Promise.race([ends.then(() => false), sleep(LOOK_MS).then(() => true)]);
      const { done, failed } = await core.readSweep(folder);
      for (const { trial, validation, seconds } of done) {
        if (seen.has(trial.id)) continue;
        seen.add(trial.id);
        onEvent({ type: 'trial-done', trial, validation, seconds });
      }
      for (const { trial, message, at } of failed) {
        if (seen.has(trial.id) || at < startedAt) continue;
        seen.add(trial.id);
        onEvent({ type: 'trial-failed', trial, message });
      }
    }
    signal.throwIfAborted();
    const { open } = await core.readSweep(folder);
    const ended = (await ends).find(({ code }) => code !== 0);
    // Trials that failed are named in the folder; what ended a process before its trials were done is not.
    if (ended && open.length > 0) {
      throw new Error(ended.errors.trim() || `A process of the sweep ended with ${ended.code}.`);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, errors }));
  });
}
