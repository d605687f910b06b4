import type { z } from 'zod';
import { firstProblem } from './first-problem.ts';
import { RowError } from './recipe.ts';

/**
 * A row as its schema gives it.
 * @throws {RowError} naming the first field that does not fit.
 */
export function parseWith<Row>(schema: z.ZodType<Row>, input: unknown): Row {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { field, problem } = firstProblem(parsed.error, input);
  throw new RowError(field, problem);
}
