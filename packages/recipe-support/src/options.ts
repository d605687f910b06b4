import { z } from 'zod';
import { intentOptions } from './tasks/intent.ts';
import { nameTheProblemOptions } from './tasks/name-the-problem.ts';
import { nextActionOptions } from './tasks/next-action.ts';
import { oneSentenceSummaryOptions } from './tasks/one-sentence-summary.ts';
import { summaryOptions } from './tasks/summary.ts';

/** What the model is to do. Each task has options of its own, with their defaults and reasons in its file. */
export const supportOptionsSchema = z.discriminatedUnion('task', [
  nameTheProblemOptions,
  oneSentenceSummaryOptions,
  summaryOptions,
  nextActionOptions,
  intentOptions,
]);

export type SupportOptions = z.output<typeof supportOptionsSchema>;
export type SupportTask = SupportOptions['task'];
