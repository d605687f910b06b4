import { z } from 'zod';
import { defaultCefrBands, levelSchema } from './level.ts';
import { type GradeFormula, gradeFormulas } from './metrics/reading-level.ts';
import { type Dictionary, syllableCounter } from './readability/syllables.ts';

/** One type in JSON schema, so that the command line can make a flag of it: what names none of ours is a path. */
const dictionarySchema = z
  .custom<string | { readonly path: string }>(
    (value) => typeof value === 'string' || z.strictObject({ path: z.string() }).safeParse(value).success,
    'expected "cmudict", "npm" or the path of a file',
  )
  .meta({ type: 'string' })
  .transform((given, context): Dictionary => {
    const dictionary = dictionaryOf(given);
    try {
      syllableCounter(dictionary);
      return dictionary;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', message: `"dictionary" is "cmudict", "npm" or a file to be read: ${reason}` });
      return z.NEVER;
    }
  });

function dictionaryOf(given: string | { readonly path: string }): Dictionary {
  if (typeof given !== 'string' || given === 'cmudict' || given === 'npm') return given;
  return { path: given };
}

const band = z.number().min(0);

/** What all tasks have in common. */
const shared = {
  /** The level of rows that name none: `5`, `"grade 5"`, `"B1"`. */
  level: levelSchema.optional().describe('the level of rows that name none: a US grade or a CEFR level'),
  /** The formula that measures grades. Flesch–Kincaid is the one that schools and simplification research report. */
  gradeFormula: z
    .enum(Object.keys(gradeFormulas) as [GradeFormula, ...GradeFormula[]])
    .default('flesch-kincaid')
    .describe('the formula that measures grades'),
  /**
   * The CMU dictionary that syllables are counted with: NLTK's, as textstat has it, `npm` for the later one of the package
   * `cmu-pronouncing-dictionary`, or the path of a file.
   */
  dictionary: dictionarySchema
    .prefault('cmudict')
    .describe('the CMU dictionary that syllables are counted with: "cmudict" (NLTK\'s), "npm", or the path of a file'),
  /** The highest grade of each CEFR level; see `defaultCefrBands`. */
  cefrBands: z
    .strictObject({ A1: band, A2: band, B1: band, B2: band, C1: band })
    .refine((bands) => bands.A1 < bands.A2 && bands.A2 < bands.B1 && bands.B1 < bands.B2 && bands.B2 < bands.C1, {
      message: 'the bands must rise from A1 to C1',
    })
    .default(defaultCefrBands),
};

/** Rewrite a text for a reading level. */
const rewrite = z.strictObject({
  /** What the model is to do. */
  task: z.literal('rewrite').describe('what the model is to do'),
  ...shared,
});

/** Explain something to a student of a level. */
const explain = z.strictObject({
  /** What the model is to do. */
  task: z.literal('explain'),
  ...shared,
  /** Whether explanations are worked solutions that end in a line with `####` and the number, as GSM8K's do. */
  finalAnswer: z.boolean().default(false).describe('explanations end in a line with #### and the number'),
});

/** Give a hint for the next step without the answer. */
const hint = z.strictObject({
  /** What the model is to do. */
  task: z.literal('hint'),
  ...shared,
  /** Whether the model is told the answer that it is to keep: hints are better founded, and leaks have to be watched. */
  showAnswer: z.boolean().default(true).describe('tell the model the answer that it is to keep'),
});

/** Give feedback on a student's work. */
const feedback = z.strictObject({
  /** What the model is to do. */
  task: z.literal('feedback'),
  ...shared,
  /** Whether rows have an `answer` that the feedback must not give away. */
  hideAnswer: z.boolean().default(false).describe('rows have an answer that must not be given away'),
});

/** What the model is to do. Each task has rows and options of its own. */
export const educationOptionsSchema = z.discriminatedUnion('task', [rewrite, explain, hint, feedback]);

export type EducationOptions = z.output<typeof educationOptionsSchema>;
export type Task = EducationOptions['task'];
export type OptionsOf<T extends Task> = Extract<EducationOptions, { task: T }>;
