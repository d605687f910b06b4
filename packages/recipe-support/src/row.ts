import { z } from 'zod';

export const supportRowSchema = z.object({
  /** What the customer wrote. */
  message: z.string().trim().min(1),
  /** The problem in a few words. A label such as `card_arrival` is read as the words "card arrival". */
  problem: z
    .string()
    .transform((label) => label.replaceAll('_', ' ').trim())
    .optional(),
});

export type SupportRow = z.output<typeof supportRowSchema>;
