import { UserError } from '../errors.ts';
import type { DroppedRow } from './receipt.ts';

/** Why no row is left to train on. */
export function nothingLeft(dropped: readonly DroppedRow[]): UserError {
  const count = (reason: DroppedRow['reason']) => dropped.filter((row) => row.reason === reason).length;
  const evaluated = count('in-evaluation');
  if (evaluated > 0) {
    return new UserError({
      code: 'nothing-to-train-on',
      problem: `None of ${dropped.length} rows is left: ${evaluated} of them are rows to evaluate on too.`,
      where: 'option leakage',
      fix: 'Evaluate on other rows, or only count those that are trained on too: leakage count.',
    });
  }
  const [first] = dropped;
  if (first && count('invalid') === dropped.length) {
    return new UserError({
      code: 'nothing-to-train-on',
      problem: `None of ${dropped.length} rows fits the recipe. The first: ${first.problem ?? 'it is invalid.'}`,
      where: first.file === undefined ? `row ${first.line}` : `${first.file}, line ${first.line}`,
      fix: 'Choose the recipe and the task that these rows are made for, or say which column is which field.',
    });
  }
  const [prompts, answers] = [count('too-long'), count('answer-too-long')];
  const invalid = count('invalid') > 0 ? `, ${count('invalid')} invalid` : '';
  return new UserError({
    code: 'nothing-to-train-on',
    problem:
      dropped.length === 0
        ? 'There are no rows.'
        : `None of ${dropped.length} rows is left: ${prompts} too long, ${answers} with too long an answer, ${count('no-weight')} without any weight in the loss${invalid}.`,
    fix:
      prompts + answers > 0
        ? `Raise the maximum length, or shorten the texts${answers > 0 ? '; --long-answers cut learns the beginning of a long answer' : ''}.`
        : 'Give rows whose answers have a weight above 0.',
  });
}
