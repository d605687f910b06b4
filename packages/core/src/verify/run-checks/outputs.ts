import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT, wrongOutputs as wrongFiles } from '../../run/result-record.ts';
import type { Check } from '../check.ts';
import type { RunSubject } from '../run-subject.ts';
import { listed } from './inputs.ts';

export const outputs: Check<RunSubject> = {
  name: 'outputs',
  claim: 'the result is what the run saved',
  tolerance: () => 0,
  reason: 'files are the same or they are not: it counts those that are not',
  meaning: 'What lies in the folder is not what was trained and evaluated: it is damaged, or was changed since.',
  async measure(subject) {
    const wrong = await wrongOutputs(subject);
    return [{ difference: wrong.length, found: listed(wrong) }];
  },
};

/** What is to be said of each file of the result that is not what was saved. */
export async function wrongOutputs({ run, record, signal }: RunSubject): Promise<string[]> {
  if (!record) return [`${RESULT} is ${existsSync(join(run, RESULT)) ? 'damaged' : 'missing'}`];
  const wrong = await wrongFiles(run, record, signal);
  return wrong.map(
    ({ file, isMissing }) => `${file} ${isMissing ? 'is missing' : 'has changed: its sha256 is another'}`,
  );
}
