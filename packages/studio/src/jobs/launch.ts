import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ownFile } from '../own-file.ts';
import type { JobError } from './job.ts';
import { filesOf } from './job-folder.ts';

/**
 * Starts a process that does the job, and lives on when this one ends.
 * @param program Node, its flags, and the module that is the command line
 * @returns when the process has ended: why it did not come as far as to begin; undefined where it did, or left it to another
 */
export async function launch(folder: string, program: readonly string[]): Promise<JobError | undefined> {
  const { out, errors } = filesOf(folder);
  const child = start(folder, program, out, errors);
  child.unref();
  const ended = await new Promise<number | string | Error>((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? ''));
  });
  if (ended === 0) return undefined;
  if (ended instanceof Error) return { code: 'unexpected', message: ended.message };
  const said = await readFile(errors, 'utf8').catch(() => '');
  return { code: 'unexpected', message: `The process of the job ended with ${ended}.\n${said.slice(-2000)}`.trim() };
}

function start(folder: string, [node = '', ...rest]: readonly string[], out: string, errors: string): ChildProcess {
  // Added to, for the files may be those of a process that is at the job.
  const files = [out, errors].map((file) => openSync(file, 'a'));
  try {
    return spawn(node, [...rest.slice(0, -1), ownFile('jobs/run-job'), folder, rest.at(-1) ?? ''], {
      stdio: ['ignore', ...files],
      detached: true,
      windowsHide: true,
      cwd: folder,
    });
  } finally {
    for (const file of files) closeSync(file);
  }
}
