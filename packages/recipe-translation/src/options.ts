import { z } from 'zod';
import { termBaseSchema } from './glossary.ts';
import { languageSchema } from './languages.ts';

const bleuTokenizer = z
  .enum(['by-language', '13a', 'intl', 'char', 'none'])
  .default('by-language')
  .describe('how BLEU splits texts into words');

const pair = {
  /** Language of rows that do not say theirs. Without one, the prompt names the target language only. */
  from: languageSchema.optional().describe('the language of rows that do not say theirs'),
  /** Language to translate into, for rows that do not say it. */
  to: languageSchema.optional().describe('the language to translate into, for rows that do not say it'),
  /** Terms that are put into the prompt of every row whose source has them. */
  glossary: termBaseSchema.default([]),
  /** `by-language`: `char` for languages written without spaces between words, `13a` for others. */
  bleuTokenizer,
};

/** A text in one language becomes a text in another. */
const translate = z.strictObject({
  /** What the model is to do. */
  task: z.literal('translate').default('translate').describe('what the model is to do'),
  ...pair,
});

/** A customer's complaint becomes a formal letter in another language. */
const translateFormally = z.strictObject({
  /** What the model is to do. */
  task: z.literal('translate-formally'),
  ...pair,
});

/** A message is answered twice, saying the same in two languages. */
const replyInTwoLanguages = z.strictObject({
  /** What the model is to do. */
  task: z.literal('reply-in-two-languages'),
  /** The two languages in order, for rows that do not say theirs. */
  languages: z.tuple([languageSchema, languageSchema]).optional(),
  /** `by-language`: `char` for languages written without spaces between words, `13a` for others. */
  bleuTokenizer,
});

/** What the model is to do. */
export const translationOptionsSchema = z.discriminatedUnion('task', [
  translate,
  translateFormally,
  replyInTwoLanguages,
]);

export type TranslationOptions = z.output<typeof translationOptionsSchema>;
/** Options with their defaults, of one task. */
export type OptionsOf<Task extends TranslationOptions['task']> = Extract<TranslationOptions, { task: Task }>;
