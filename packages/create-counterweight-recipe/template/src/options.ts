import { z } from 'zod';

/** What a user of the recipe may choose. Every option has a default, and all of them are written into run.json. */
export const optionsSchema = z.strictObject({
  /** Stands after the question, in training and in generation alike. */
  instruction: z.string().min(1).default('Answer in a few words.'),
});

export type MyDomainOptions = z.output<typeof optionsSchema>;
export type MyDomainOptionsInput = z.input<typeof optionsSchema>;
