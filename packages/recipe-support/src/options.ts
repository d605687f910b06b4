import { z } from 'zod';

/** Name the customer's problem in a few words; the label of an intent, a queue, a topic. */
const nameTheProblem = z.strictObject({ task: z.literal('name-the-problem').default('name-the-problem') });

/** What the model is to do with a customer's message. Each task has options of its own. */
export const supportOptionsSchema = z.discriminatedUnion('task', [nameTheProblem]);

export type SupportOptions = z.output<typeof supportOptionsSchema>;
export type SupportOptionsInput = z.input<typeof supportOptionsSchema>;
