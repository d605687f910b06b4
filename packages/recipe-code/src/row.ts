import { z } from 'zod';
import { type Language, languageSchema } from './language.ts';
import type { Task } from './options.ts';

/** Code, or anything else that must not lose the space it begins with; an empty one is none. */
const code = z
  .string()
  .transform((text) => text.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, ''))
  .refine((text) => text !== '', 'is empty');
const prose = z.string().trim().min(1);
/** Where there may be no answer yet, an empty one is none. */
const answer = z
  .string()
  .transform((text) => text.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, '') || undefined)
  .optional();
/** Code that throws where the program is wrong; a list is run line by line. */
const tests = z.union([code, z.array(z.string()).transform((lines) => lines.join('\n'))]).optional();
const language = languageSchema.optional();

const schemas = {
  'write-a-function': z.object({
    language,
    /** What the function does, with an example where words are not enough. */
    description: prose,
    /** The line that the answer begins with: name, parameters, types. */
    start: code.optional(),
    tests,
    /** The answer: the whole of the code, beginning with `start`. */
    solution: answer,
  }),
  'fix-a-bug': z.object({
    language,
    description: prose.optional(),
    /** The code with the bug. */
    code,
    /** What goes wrong, as it is reported. */
    error: prose.optional(),
    tests,
    /** The answer: the whole of the code without the bug. */
    solution: answer,
  }),
  'suggest-an-improvement': z.object({
    language,
    description: prose.optional(),
    /** Code that works. */
    code,
    /** What to make better, in a sentence. */
    goal: prose.default('Make it simpler, without changing what it does.'),
    tests,
    /** The answer: the whole of the improved code. */
    solution: answer,
  }),
  'write-tests': z.object({
    language,
    description: prose.optional(),
    /** The code to test, which is right. */
    code,
    /** Versions of the code that are wrong: tests that pass with one of them miss a fault. */
    faults: z.array(code).default([]),
    /** The answer. */
    tests: answer,
  }),
} as const satisfies Record<Task, z.ZodObject>;

type RowOf<T extends Task> = Omit<z.output<(typeof schemas)[T]>, 'language'> & {
  readonly task: T;
  readonly language: Language;
};

export type FunctionRow = RowOf<'write-a-function'>;
export type BugRow = RowOf<'fix-a-bug'>;
export type ImprovementRow = RowOf<'suggest-an-improvement'>;
export type TestsRow = RowOf<'write-tests'>;
export type CodeRow = FunctionRow | BugRow | ImprovementRow | TestsRow;

/** The schema of a task's rows. `language` is that of rows without one. */
export function rowSchema(task: Task, language: Language): z.ZodType<CodeRow> {
  // TypeScript can't see that the parts of one task fit each other.
  return schemas[task].transform((row) => ({ ...row, task, language: row.language ?? language }) as CodeRow);
}

/** The field that holds a task's answer. */
export function answerFieldOf(task: Task): 'solution' | 'tests' {
  return task === 'write-tests' ? 'tests' : 'solution';
}

/** What the model is to write for a row, if it is known. */
export function answerOf(row: CodeRow): string | undefined {
  return row.task === 'write-tests' ? row.tests : row.solution;
}
