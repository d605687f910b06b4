/**
 * `node run-job.ts FOLDER PROGRAM`: does the job in the folder by running the program in this process. The studio starts it,
 * and does not need to live on.
 *
 * Whoever holds the job's lock is at the job, and an attempt begins at most once. So a studio that was killed between
 * starting this process and knowing of it may start another: only one of the two does anything.
 */
import { truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { tryLock } from '@counterweight/core/files';
import type { Job } from './job.ts';
import { commandOf } from './job-command.ts';
import { filesOf, readJob, readStart, writeStart } from './job-folder.ts';

/** How often it looks whether it is still wanted. */
const LOOK_MS = 500;

const [folder = '', program = ''] = process.argv.slice(2);

/** Takes the job. @returns the command's arguments; undefined where it is somebody else's, has begun before, or is not wanted */
async function begin(): Promise<{ readonly job: Job; readonly command: string[] } | undefined> {
  const files = filesOf(folder);
  // It is given back when the process ends.
  if ('heldBy' in (await tryLock(files.lock))) return undefined;
  const job = await readJob(folder);
  const before = await readStart(folder);
  if (job?.wanted !== 'run' || before?.attempt === job.attempt) return undefined;
  // What an earlier attempt came to is gone before this one has begun.
  await truncate(files.out);
  await writeStart(folder, { attempt: job.attempt, at: new Date().toISOString() });
  return { job, command: commandOf(job, folder, before !== undefined) };
}

/** Comes back when this attempt is no longer wanted. */
async function untilUnwanted({ attempt }: Job): Promise<void> {
  for (;;) {
    await sleep(LOOK_MS, undefined, { ref: false });
    // Where the job cannot be read, nobody has said anything.
    const now = await readJob(folder).catch(() => undefined);
    if (now && (now.wanted !== 'run' || now.attempt !== attempt)) return;
  }
}

/**
 * As SIGTERM does. A signal from the studio could get lost with it, come twice, which ends at once, and is none on Windows:
 * so the job's process looks for itself.
 */
function askToEnd(): void {
  if (!process.emit('SIGTERM', 'SIGTERM')) process.kill(process.pid, 'SIGTERM');
}

const begun = await begin();
if (begun === undefined) process.exit();
untilUnwanted(begun.job).then(askToEnd);
try {
  process.chdir(begun.job.cwd);
  process.argv = [process.execPath, program, ...begun.command];
  await import(pathToFileURL(program).href);
} catch (error) {
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  console.log(JSON.stringify({ error: { code: 'unexpected', message } }));
  process.exit(1);
}
