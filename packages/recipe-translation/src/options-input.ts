// Made from options.ts beside it: `pnpm docs:tables` writes it anew.

import type { z } from 'zod';
import type { translationOptionsSchema } from './options.ts';

type Given = z.input<typeof translationOptionsSchema>;

type Translate = Extract<Given, { task?: 'translate' | undefined }>;

/** Of the task `translate`. */
export interface TranslateOptionsInput {
  /** Language of rows that do not say theirs. Without one, the prompt names the target language only. */
  from?: Translate['from'];
  /** Language to translate into, for rows that do not say it. */
  to?: Translate['to'];
  /** Terms that are put into the prompt of every row whose source has them. */
  glossary?: Translate['glossary'];
  /** `by-language`: `char` for languages written without spaces between words, `13a` for others. */
  bleuTokenizer?: Translate['bleuTokenizer'];
  /** What the model is to do. */
  task?: Translate['task'];
}

type TranslateFormally = Extract<Given, { task: 'translate-formally' }>;

/** Of the task `translate-formally`. */
export interface TranslateFormallyOptionsInput {
  /** What the model is to do. */
  task: TranslateFormally['task'];
  /** Language of rows that do not say theirs. Without one, the prompt names the target language only. */
  from?: TranslateFormally['from'];
  /** Language to translate into, for rows that do not say it. */
  to?: TranslateFormally['to'];
  /** Terms that are put into the prompt of every row whose source has them. */
  glossary?: TranslateFormally['glossary'];
  /** `by-language`: `char` for languages written without spaces between words, `13a` for others. */
  bleuTokenizer?: TranslateFormally['bleuTokenizer'];
}

type ReplyInTwoLanguages = Extract<Given, { task: 'reply-in-two-languages' }>;

/** Of the task `reply-in-two-languages`. */
export interface ReplyInTwoLanguagesOptionsInput {
  /** What the model is to do. */
  task: ReplyInTwoLanguages['task'];
  /** The two languages in order, for rows that do not say theirs. */
  languages?: ReplyInTwoLanguages['languages'];
  /** `by-language`: `char` for languages written without spaces between words, `13a` for others. */
  bleuTokenizer?: ReplyInTwoLanguages['bleuTokenizer'];
}

/** Each task has options of its own. */
export type TranslationOptionsInput =
  | TranslateOptionsInput
  | TranslateFormallyOptionsInput
  | ReplyInTwoLanguagesOptionsInput;
