import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { writeFileDurably } from '../files/durable.ts';
import { hashFile } from '../files/hash-file.ts';

/** result.json: what a run has come to. It is written when the result lies on the disk, and says that it does. */
const schema = z.object({
  format: z.literal(1),
  /** Optimizer steps of the run. */
  steps: z.int().min(0),
  /** The step after which the model was what it is in the result: the last one, or the best. */
  resultStep: z.int().min(0),
  /** Of the steps, those that made no update because something was not finite. */
  skippedSteps: z.int().min(0).default(0),
  /** Parameters that were trained and did not move, and frozen ones that did. */
  unmoved: z.array(z.string()).readonly().default([]),
  frozenMoved: z.array(z.string()).readonly().default([]),
  /** Files of the adapter or model, relative to the run folder. */
  outputs: z.array(z.object({ file: z.string(), sha256: z.string() })).min(1),
});

export type ResultRecord = z.output<typeof schema>;

/** How a run ended, without the files that it left. */
export type RunOutcome = Omit<ResultRecord, 'format' | 'outputs'>;

export const RESULT = 'result.json';

/** @param folder where the files lie now that are going to be in the run's folder `name` */
export async function writeResultRecord(
  run: string,
  { name, folder, outcome }: { readonly name: string; readonly folder: string; readonly outcome: RunOutcome },
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const outputs = await Promise.all(
    files.sort().map(async (file) => ({
      file: `${name}/${relative(folder, file).replaceAll('\\', '/')}`,
      sha256: await hashFile(file),
    })),
  );
  const record: ResultRecord = { format: 1, ...outcome, outputs };
  await writeFileDurably(join(run, RESULT), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * The result of a run that is finished; undefined where it was not, or where its result was removed.
 * @throws {UserError} `run-folder-in-use` where the result is no longer what the run saved: nobody overwrites that
 */
export async function readResultRecord(run: string, signal?: AbortSignal): Promise<ResultRecord | undefined> {
  const record = await parseResultRecord(run);
  // It is written again with the result.
  if (!record?.outputs.every(({ file }) => existsSync(join(run, file)))) return undefined;
  const [wrong] = await wrongOutputs(run, record, signal);
  if (wrong) throw changed(join(run, wrong.file));
  return record;
}

/** What result.json says, whatever has become of the files; undefined where there is none, or it is damaged. */
export async function parseResultRecord(run: string): Promise<ResultRecord | undefined> {
  const parsed = schema.safeParse(
    await readFile(join(run, RESULT), 'utf8')
      .then(JSON.parse)
      .catch(() => undefined),
  );
  return parsed.data;
}

/** Files of the result that are not what the run saved. */
export async function wrongOutputs(
  run: string,
  { outputs }: ResultRecord,
  signal?: AbortSignal,
): Promise<{ readonly file: string; readonly isMissing: boolean }[]> {
  const wrong: { file: string; isMissing: boolean }[] = [];
  for (const { file, sha256 } of outputs) {
    const isMissing = !existsSync(join(run, file));
    if (isMissing || (await hashFile(join(run, file), signal)) !== sha256) wrong.push({ file, isMissing });
  }
  return wrong;
}

const changed = (where: string): UserError =>
  new UserError({
    code: 'run-folder-in-use',
    problem: 'The run is finished, but this file is not what it saved: it is damaged, or was edited since.',
    where,
    fix: 'Move it away to have it made again from the last checkpoint; or choose another --output.',
  });
