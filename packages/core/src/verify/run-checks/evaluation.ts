import { readEvaluations } from '../../run/run-log.ts';
import type { Check } from '../check.ts';
import { hasHeldOut, type RunSubject } from '../run-subject.ts';
import { ROUNDING } from '../tolerance.ts';
import { compareEvaluations } from './compare-evaluations.ts';
import { wrongInputs } from './inputs.ts';
import { wrongOutputs } from './outputs.ts';
import { repeatEvaluation } from './repeat-evaluation.ts';

export const evaluation: Check<RunSubject> = {
  name: 'evaluation',
  claim: 'evaluated again, the result has its numbers',
  tolerance: ({ rounding }) => rounding,
  reason: `${ROUNDING}; an output more or less where the losses are not the same to the last bit`,
  meaning:
    'The numbers in evaluations.jsonl are not those of this model on these rows: they were edited, or something that run.json does not name has changed.',
  async measure(subject) {
    const { run, record, description } = subject;
    const logged = (await readEvaluations(run)).find(({ step }) => step === record?.resultStep);
    if (!hasHeldOut(description)) return { skipped: 'the run had no rows to evaluate on' };
    if (!logged) return { skipped: 'there is no evaluation of the result in the log' };
    if (description.inputs.data.some(({ path }) => path === undefined)) {
      return { skipped: 'the rows were in memory, and are in no file' };
    }
    if ((await wrongInputs(subject)).length > 0)
      return { skipped: 'what the run was made from has changed: see inputs' };
    if ((await wrongOutputs(subject)).length > 0) return { skipped: 'the result has changed: see outputs' };
    const again = await repeatEvaluation(subject);
    return 'skipped' in again ? again : compareEvaluations(logged.evaluation, again);
  },
};
