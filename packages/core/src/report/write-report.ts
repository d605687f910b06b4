import { join } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { runPage } from './run-page/index.ts';
import { readRunRecord } from './run-record.ts';

/**
 * Writes `report.html` into a run folder: the run on one page that needs nothing else, from the files that lie there.
 * A run that was interrupted, or has no evaluations, is reported as far as it went.
 * @returns the file
 * @throws {UserError} `file-not-found` when the folder holds no run
 */
export async function writeReport(runFolder: string): Promise<string> {
  const file = join(runFolder, 'report.html');
  await writeFileDurably(file, runPage(await readRunRecord(runFolder)));
  return file;
}
