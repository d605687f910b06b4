import { z } from 'zod';

/**
 * What a user of the recipe may choose. Every option has a default and says what it does: each is a flag of the command
 * line, and all of them are written into run.json.
 */
export const optionsSchema = z.strictObject({
  instruction: z
    .string()
    .min(1)
    .default('Answer in a few words.')
    .meta({ description: 'stands at the end of the prompt, in training and in generation alike' }),
});

export type MyDomainOptions = z.output<typeof optionsSchema>;
export type MyDomainOptionsInput = z.input<typeof optionsSchema>;
