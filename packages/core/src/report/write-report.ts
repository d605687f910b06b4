import { join } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { reportPage } from './page.ts';
import { readRunRecord } from './run-record.ts';

/**
 * Writes `report.html` into a run folder: the run on one page that needs nothing else, from the files that lie there.
 * A run that was interrupted, or has no evaluations, is reported as far as it went.
 * @throws {UserError} `file-not-found` when the folder holds no run
 */
export async function writeReport(runFolder: string): Promise<void> {
  await writeFileDurably(join(runFolder, 'report.html'), reportPage(await readRunRecord(runFolder)));
}
