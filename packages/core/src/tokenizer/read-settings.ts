import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { readTextFile } from '../files/read-text-file.ts';

/** In bytes: several times what the largest vocabularies take. */
const LONGEST_TOKENIZER = 2 ** 28;

/**
 * One settings file of a tokenizer, or undefined where there is none.
 * @throws {UserError} `tokenizer-invalid` for a file that does not hold what it should
 */
export async function readSettings<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const file = join(folder, name);
  const text = await readTextFile(file, 'tokenizer-invalid', name === 'tokenizer.json' ? LONGEST_TOKENIZER : undefined);
  return text === undefined ? undefined : parseSettings(text, file, schema);
}

/** How settings files are read. */
export type SettingsReader = typeof readSettings;

/** Reads each file once: a large vocabulary takes a second, and tokenizer and chat template both ask for it. */
export function readSettingsOnce(): SettingsReader {
  const known = new Map<z.ZodType, Map<string, Promise<unknown>>>();
  return <T>(folder: string, name: string, schema: z.ZodType<T>) => {
    const files = known.get(schema) ?? new Map<string, Promise<unknown>>();
    known.set(schema, files);
    const file = join(folder, name);
    const settings = files.get(file) ?? readSettings(folder, name, schema);
    files.set(file, settings);
    return settings as Promise<T | undefined>;
  };
}

/** @throws {UserError} `tokenizer-invalid` for a text that does not hold what it should, naming the place in it */
export function parseSettings<T>(text: string, file: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(file, 'it is not JSON', cause);
  }
  const parsed = explainedDepth(file, () => schema.safeParse(value));
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues[0]);
  throw malformed(file, `${issue?.path.join('.') || 'the top level'}: ${issue?.message}`, parsed.error);
}

/** Sequences may hold sequences: thousands of them within each other end the stack, which is no fault of this program. */
function explainedDepth<Result>(file: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw malformed(file, 'its parts lie too deep within each other', cause);
  }
}

/** Of a value that may be one of several things, what is wrong with it as the last of them. */
function deepest(issue: z.core.$ZodIssue | undefined): Pick<z.core.$ZodIssue, 'path' | 'message'> | undefined {
  const inner = issue?.code === 'invalid_union' ? deepest(issue.errors.at(-1)?.[0]) : undefined;
  return inner && issue ? { path: [...issue.path, ...inner.path], message: inner.message } : issue;
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
