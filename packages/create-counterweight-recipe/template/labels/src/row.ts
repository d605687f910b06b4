import { z } from 'zod';
import { labels } from './labels.ts';

/** A row as it stands in your file. The answer may be absent: `counterweight generate` is given rows without one. */
export const rowSchema = z.object({
  myField: z.string().trim().min(1),
  myAnswer: z.enum(labels).optional(),
});

export type MyDomainRow = z.output<typeof rowSchema>;
