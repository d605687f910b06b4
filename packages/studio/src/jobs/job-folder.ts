import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, removePartialFolder, writeFileDurably, writeFolderDurably } from '@counterweight/core/files';
import { z } from 'zod';
import type { Job, Start } from './job.ts';

/** Where things lie in the folder of a job. */
export const filesOf = (folder: string) => ({
  /** The `Job`. */
  job: join(folder, 'job.json'),
  /** The command's options, for its `--config`. */
  config: join(folder, 'config.json'),
  /** The `Start` of the last attempt. */
  started: join(folder, 'started.json'),
  /** Held by the process that is at the job, for as long as it lives. */
  lock: join(folder, '.lock'),
  /** What the last attempt printed: its result is the last line. */
  out: join(folder, 'out.log'),
  /** What all attempts said on the way. */
  errors: join(folder, 'err.log'),
  /** Of `train`: a JSON line for every event of the run. */
  events: join(folder, 'events.jsonl'),
});

const jobSchema = z.object({
  kind: z.enum(['train', 'sweep', 'export']),
  options: z.record(z.string(), z.unknown()),
  output: z.string().min(1),
  id: z.string().min(1),
  createdAt: z.string(),
  queuedAt: z.string(),
  cwd: z.string(),
  wanted: z.enum(['run', 'pause', 'stop', 'remove']),
  attempt: z.int().min(1),
});

const startSchema = z.object({ attempt: z.int().min(1), at: z.string() });

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Makes the folder of a new job: whole, or not there. */
export const createJobFolder = (folder: string, job: Job): Promise<void> =>
  writeFolderDurably(folder, async (aside) => {
    const files = filesOf(aside);
    await writeFile(files.job, asJson(job));
    await writeFile(files.config, asJson(job.options));
  });

export const writeJob = (folder: string, job: Job): Promise<void> => writeFileDurably(filesOf(folder).job, asJson(job));

export const writeStart = (folder: string, start: Start): Promise<void> =>
  writeFileDurably(filesOf(folder).started, asJson(start));

/** The job in a folder; undefined where there is none. */
export const readJob = (folder: string): Promise<Job | undefined> => readAs(jobSchema, filesOf(folder).job);

/** The last attempt that has begun; undefined where none has. */
export const readStart = (folder: string): Promise<Start | undefined> => readAs(startSchema, filesOf(folder).started);

/** All jobs whose folders lie in this one, which is made where there is none. What a crash left half written goes. */
export async function readJobs(folder: string): Promise<Job[]> {
  await makeFolder(folder);
  const names = await readdir(folder);
  await Promise.all(names.map((name) => removePartialFolder(join(folder, name))));
  const jobs = await Promise.all(names.map((name) => readJob(join(folder, name))));
  return jobs.filter((job) => job !== undefined);
}

async function readAs<Value>(schema: z.ZodType<Value>, file: string): Promise<Value | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Files are replaced whole, so this one was edited or damaged: it tells nothing.
    return undefined;
  }
}
