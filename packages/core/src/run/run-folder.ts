import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { writeFileDurably } from '../files/durable.ts';
import { explainWriteError } from '../files/write-error.ts';
import { RUN } from './claim-run-folder.ts';
import type { RunDescription } from './describe-run.ts';
import { removeLogs } from './run-log.ts';

export const checkpointsIn = (run: string): string => join(run, 'checkpoints');

/**
 * Writes run.json into a folder that is claimed, when everything else is known to be good. What a run that was stopped
 * before its first checkpoint has logged there is taken back, for it will happen again.
 * @throws {UserError} `output-unwritable`
 */
export async function beginRun(run: string, description: RunDescription): Promise<void> {
  try {
    await removeLogs(run);
    await writeFileDurably(join(run, RUN), `${JSON.stringify(description, null, 2)}\n`);
  } catch (error) {
    throw explainWriteError(error, run, '--output');
  }
}

/** The description of a run that is to be resumed, as JSON. @throws {UserError} `file-malformed` when it is damaged */
export function parseRunDescription(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new UserError({
    code: 'file-malformed',
    problem: 'The description of the run is damaged: it is not a JSON object.',
    where: file,
    fix: 'Put it back from a copy if there is one. Otherwise the run cannot be gone on with: choose another --output.',
  });
}
