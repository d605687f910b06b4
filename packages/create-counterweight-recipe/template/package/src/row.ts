import { z } from 'zod';

/** A row as it stands in your file. The answer may be absent: `counterweight generate` is given rows without one. */
export const rowSchema = z.object({
  myField: z.string().trim().min(1),
  myAnswer: z.string().trim().optional(),
});

export type MyDomainRow = z.output<typeof rowSchema>;
