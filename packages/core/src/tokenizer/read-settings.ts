import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../errors.ts';

/**
 * One settings file of a tokenizer, or undefined where there is none.
 * @throws {UserError} `tokenizer-invalid` for a file that does not hold what it should
 */
export async function readSettings<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const file = join(folder, name);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw malformed(file, error instanceof Error ? error.message : String(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(file, 'it is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(file, `${issue?.path.join('.') || 'the top level'}: ${issue?.message}`, parsed.error);
}

function malformed(file: string, reason: string, cause: unknown): UserError {
  return new UserError({
    code: 'tokenizer-invalid',
    problem: `The tokenizer's settings can't be read: ${reason}`,
    where: file,
    fix: 'Copy the file anew from where the model comes from.',
    cause,
  });
}
