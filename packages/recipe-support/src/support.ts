import { defineRecipe, type Recipe, resolveOptions } from '@counterweight/core/recipe';
import { type SupportOptions, type SupportTask, supportOptionsSchema } from './options.ts';
import type { SupportOptionsInput } from './options-input.ts';
import { type IntentRow, intent } from './tasks/intent.ts';
import { nameTheProblem, type ProblemRow } from './tasks/name-the-problem.ts';
import { type ActionRow, nextAction } from './tasks/next-action.ts';
import { oneSentenceSummary, type SentenceRow } from './tasks/one-sentence-summary.ts';
import { type SummaryRow, summary } from './tasks/summary.ts';
import type { Task } from './tasks/task.ts';

/** The row of each task, as `parseRow` gives it. */
interface Rows {
  'name-the-problem': ProblemRow;
  'one-sentence-summary': SentenceRow;
  summary: SummaryRow;
  'next-action': ActionRow;
  intent: IntentRow;
}

/** The row of a task; of *name the problem* where none is named. */
export type SupportRow<Name extends SupportTask = 'name-the-problem'> = Rows[Name];

type Options = { [Name in SupportTask]: Extract<SupportOptions, { task: Name }> };

const TASKS: { readonly [Name in SupportTask]: (options: Options[Name]) => Task<Rows[Name]> } = {
  'name-the-problem': nameTheProblem,
  'one-sentence-summary': oneSentenceSummary,
  summary,
  'next-action': nextAction,
  intent,
};

/**
 * Customer support: names the problem in a customer's message, its intent or the next action, and summarizes
 * conversations. One recipe does one task.
 *
 *     support()                                            // name the problem in a few words
 *     support({ task: 'summary', maxWords: 25 })
 *     support({ task: 'intent', labels: ['book a flight', 'change seat'] })
 *
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function support<Name extends SupportTask = 'name-the-problem'>(
  options: SupportOptionsInput & { readonly task?: Name | undefined } = {} as SupportOptionsInput & { task?: Name },
): Recipe<SupportRow<Name>> {
  const resolved = resolveOptions(supportOptionsSchema, options) as Options[Name];
  return defineRecipe({ name: 'support', options: resolved, ...TASKS[resolved.task as Name](resolved) });
}
