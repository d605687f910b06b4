import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from './errors.ts';
import { writeFileDurably } from './files/durable.ts';
import { explainWriteError } from './files/write-error.ts';
import { comparisonPage } from './report/compare-page/index.ts';
import { runPage } from './report/run-page/index.ts';
import { readRunRecord } from './report/run-record.ts';
import { reportSweep } from './sweep/report-sweep.ts';

export interface ReportOptions {
  /** Where the page is written. Default: `report.html` in the folder of a single run; of several, in the working directory. */
  readonly output?: string | undefined;
}

/**
 * Runs that were made, on one page that needs nothing else: of one run all that its folder tells, of several what is
 * different between them. A sweep by itself is reported as `reportSweep` does. No model is read.
 * @param runs folders of runs, as far as they went; or of a sweep
 * @returns the page, absolute
 * @throws {UserError} `file-not-found` where a folder holds no run, `option-invalid` without any and for a sweep among
 *   others, `output-unwritable`
 * @example
 * ```ts
 * import { reportRuns } from '@counterweight/core';
 *
 * const { file } = await reportRuns(['runs/first', 'runs/second'], { output: 'comparison.html' });
 * console.log(file);
 * ```
 */
export async function reportRuns(
  runs: readonly string[],
  { output }: ReportOptions = {},
): Promise<{ readonly file: string }> {
  const folders = [...new Set(runs.map((run) => resolve(run)))];
  const [first, ...others] = folders;
  if (first === undefined) {
    throw mistake(
      'There is no run to report.',
      'runs',
      'Name its folder, such as runs/first; or several to compare them.',
    );
  }
  const sweep = folders.find((folder) => existsSync(join(folder, 'sweep.json')));
  if (sweep !== undefined) {
    if (others.length > 0) {
      throw mistake('A sweep is reported by itself.', sweep, 'Name it alone; or some of its trials, which are runs.');
    }
    if (output !== undefined) {
      throw mistake('The report of a sweep lies in its folder.', 'output', 'Leave it out.');
    }
    await reportSweep(sweep);
    return { file: join(sweep, 'report.html') };
  }
  const records = await Promise.all(folders.map(readRunRecord));
  const [record] = records;
  const file = resolve(output ?? (others.length === 0 ? join(first, 'report.html') : 'report.html'));
  await writeFileDurably(file, others.length === 0 && record ? runPage(record) : comparisonPage(records)).catch(
    (error: unknown) => {
      throw explainWriteError(error, file, '--output');
    },
  );
  return { file };
}

const mistake = (problem: string, where: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where, fix });
