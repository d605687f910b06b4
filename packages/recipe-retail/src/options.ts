import { z } from 'zod';

const entrySchema = z.union([
  z.string().trim().min(1),
  z.strictObject({
    name: z.string().trim().min(1),
    /** How often it was bought in the time that the training rows are from. */
    sold: z.int().min(0),
  }),
]);

export const retailOptionsSchema = z
  .strictObject({
    /** What the model is asked for. */
    task: z
      .enum(['next-items', 'bought-together', 'likely-returned', 'product-search'])
      .default('next-items')
      .describe('what the model is asked for'),
    /**
     * Every name that may be recommended, with the number of sales where it is known. Coverage and Gini need the names,
     * novelty and the comparison with popularity need the sales. Without a catalogue, the names in the rows that are
     * evaluated serve to recognise outputs.
     */
    catalogue: z.array(entrySchema).min(1).optional(),
    /**
     * `likelihood`: an answer is the names of the catalogue in the order of the model's own probabilities, as many as the
     * largest of `cutoffs`. `generate`: the model writes the list. Default: by likelihood where there is a catalogue to rank,
     * unless `constrain` asks for written lists or the task can be answered with "nothing".
     */
    rank: z
      .enum(['likelihood', 'generate'])
      .optional()
      .describe('names of the catalogue by their probability, or a list that the model writes'),
    /**
     * Weight of log(1 + times bought), added to the log-likelihood of a name when names are ranked. 0 is the model alone; above
     * it where people buy the same again (groceries: 2), below it where they hardly do (films: −20). Choose it on validation
     * rows.
     */
    prior: z
      .number()
      .default(0)
      .describe(
        'weight of log(1 + times bought), added to the log-likelihood of a name that is ranked; below 0 where nothing is bought twice',
      ),
    /** Generation writes nothing but names of the catalogue. */
    constrain: z.boolean().default(false).describe('write nothing but names of the catalogue'),
    /**
     * Metrics are taken at these list lengths, and an answer to learn from holds as many names as the longest. 5 is what a
     * page shows, and what a small model can write without losing the thread.
     */
    cutoffs: z
      .array(z.int().positive())
      .min(1)
      .default([5])
      .describe('lengths of lists that metrics are taken at; an answer to learn from is as long as the longest'),
    /** What average precision is divided by: RecBole's min(|R|, k), or ranx's |R|. */
    averagePrecision: z
      .enum(['recbole', 'ranx'])
      .default('recbole')
      .describe('what average precision is divided by: min(|R|, k) or |R|'),
    /**
     * How alike a name has to be to one of the catalogue to count as a misspelling of it: 1 − edits / length of the
     * longer one. 0.85 forgives one slip in seven letters and keeps "cat food" from being "dog food" (0.63).
     */
    fuzzyThreshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.85)
      .describe('how alike a name must be to one of the catalogue to be a misspelling of it, 0 to 1'),
    /**
     * In which order the prompt tells the history. `most-bought` says a name once, with its count: short, and the order
     * is itself a good recommendation. `most-recent` keeps the sequence, the last purchase last.
     */
    historyOrder: z
      .enum(['most-bought', 'most-recent'])
      .default('most-bought')
      .describe('the order in which the prompt tells what was bought'),
    /**
     * In which order an answer to learn from names what was bought; to the till a basket is a set. `likeliest-first`: what
     * the shopper bought most often before, then what sells most (if the catalogue says), then as given. The model then
     * learns to say first what is likeliest, which is what ranking metrics ask for. *Product search* is always as given.
     */
    answerOrder: z
      .enum(['likeliest-first', 'as-given'])
      .default('likeliest-first')
      .describe('the order of the names in an answer to learn from'),
    /** How many names of the history the prompt holds at most. */
    historyItems: z.int().positive().default(8).describe('names of the history in the prompt at most'),
  })
  .refine(({ constrain, catalogue }) => !constrain || catalogue !== undefined, {
    path: ['constrain'],
    message: '"constrain" needs a "catalogue" to constrain to',
  })
  .refine(({ rank, catalogue }) => rank !== 'likelihood' || catalogue !== undefined, {
    path: ['rank'],
    message: '"rank" by likelihood needs a "catalogue" to rank',
  })
  .refine(({ rank, constrain }) => rank !== 'likelihood' || !constrain, {
    path: ['constrain'],
    message: '"constrain" is for lists that are written, and "rank" by likelihood writes none',
  })
  .refine(({ rank, task }) => rank !== 'likelihood' || task !== 'likely-returned', {
    path: ['rank'],
    message: '"likely-returned" can be answered with "nothing", which is no rank',
  });

export type RetailOptions = z.output<typeof retailOptionsSchema>;
export type CatalogueEntry = z.output<typeof entrySchema>;
