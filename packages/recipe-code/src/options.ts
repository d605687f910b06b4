import { z } from 'zod';
import { languageSchema } from './language.ts';
import { limitsSchema } from './sandbox/limits.ts';

export const taskSchema = z.enum(['write-a-function', 'fix-a-bug', 'suggest-an-improvement', 'write-tests']);

export type Task = z.output<typeof taskSchema>;

export const codeOptionsSchema = z.strictObject({
  /** What the model is to do. To train one model on several, mix the recipes of each (`mixRecipes`). */
  task: taskSchema.default('write-a-function').describe('what the model is to do'),
  /** The language of rows that name none. */
  language: languageSchema.default('typescript').describe('the language of rows that name none'),
  /**
   * The k of the pass@k to report. A k needs as many sampled outputs of every row; one output, the usual, is enough for
   * 1. Empty: no program is run, and no sandbox needed.
   */
  passAt: z
    .array(z.number().int().min(1))
    .default([1])
    .describe('the k of the pass@k to report; an empty list runs no program'),
  /** Run programs without a sandbox, with all of the user's rights. */
  unsafeExecution: z.boolean().default(false).describe("run programs without a sandbox, with all of the user's rights"),
  /** The Python interpreter: a name on the PATH, or a path such as a virtual environment's, whose packages come along. */
  python: z.string().min(1).default('python3').describe('the Python interpreter: a name on the PATH, or a path'),
  /** A `node_modules` folder whose packages programs in JavaScript and TypeScript may load. */
  nodeModules: z.string().min(1).optional().describe('a node_modules folder whose packages programs may load'),
  /** What a program may take of time, memory and output before it is stopped. */
  limits: limitsSchema.prefault({}),
});

export type CodeOptions = z.output<typeof codeOptionsSchema>;
