import { z } from 'zod';

/** Of the options of training, those that say which rows are read, and which of them are held out. */
export const dataOptions = {
  maxRows: z
    .int()
    .positive()
    .optional()
    .describe('rows to read at most, the first ones; those after them are not read'),
  map: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe(
      'fields of the recipe and the columns of the data that they are read from, such as prompt=Question,completion=Answer; a column may be a path, answers.text.0',
    ),
  skipInvalid: z
    .int()
    .min(0)
    .default(0)
    .describe('rows that may be invalid: they are left out, and counted; one more ends the run with a list of them'),
  rowWeight: z
    .string()
    .min(1)
    .optional()
    .describe("a column of the data with each row's own weight in the loss, 0 or more; rows with 0 are dropped"),
  dataProportions: z
    .array(z.number().positive())
    .refine((parts) => Math.abs(parts.reduce((sum, part) => sum + part, 0) - 1) < 1e-6, 'proportions must add up to 1')
    .optional()
    .describe('how much of an epoch is of which file or folder of the data, in their order, such as 0.7,0.3'),
  duplicates: z
    .enum(['count', 'count-near', 'drop', 'drop-near'])
    .default('count')
    .describe(
      'rows that say what an earlier row says: counted, or dropped; near: and those that nearly do. Of up to 20,000 rows ' +
        'those are counted anyway',
    ),
  leakage: z
    .enum(['count', 'count-near', 'drop', 'drop-near'])
    .default('count')
    .describe(
      'rows to train on that say what a row to evaluate on says: counted, or not trained on; near: and those that nearly do',
    ),
  splitSeed: z
    .int()
    .min(0)
    .default(0)
    .describe('decides which rows are held out; apart from the seed, so that runs with other seeds hold out the same'),
  splitBy: z
    .string()
    .min(1)
    .optional()
    .describe('a column of the data: rows that say the same there are all held out, or all trained on'),
  splitByTime: z
    .string()
    .min(1)
    .optional()
    .describe('a column of the data with times or numbers: the latest rows are held out'),
};
