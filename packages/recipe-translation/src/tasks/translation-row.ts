import { z } from 'zod';
import { type Glossary, glossarySchema, termsFor } from '../glossary.ts';
import { emptyIsAbsent, languageSchema } from '../languages.ts';
import type { OptionsOf } from '../options.ts';

/** One text and its translation. */
export interface TranslationRow {
  readonly source: string;
  /** The translation to learn; absent where one is asked for. */
  readonly target?: string | undefined;
  /** BCP 47, canonical. */
  readonly from?: string | undefined;
  readonly to: string;
  /** Terms for the prompt: the row's own, and those of the options that its source has. */
  readonly glossary: Glossary;
  /** Further translations that are as good, for the metrics. */
  readonly references: readonly string[];
}

/** What a row looks like in a file. Languages that it does not say are those of the options. */
export function translationRowSchema(
  options: OptionsOf<'translate'> | OptionsOf<'translate-formally'>,
): z.ZodType<TranslationRow> {
  return z
    .object({
      source: z.string().trim().min(1),
      target: z.string().trim().optional(),
      from: z.preprocess(emptyIsAbsent, languageSchema.optional()),
      to: z.preprocess(emptyIsAbsent, languageSchema.optional()),
      glossary: glossarySchema,
      references: z.array(z.string().trim().min(1)).default([]),
    })
    .transform((row, context) => {
      const from = row.from ?? options.from;
      const to = row.to ?? options.to;
      if (to !== undefined) {
        const glossary = { ...termsFor(options.glossary, { source: row.source, from, to }), ...row.glossary };
        return { ...row, from, to, glossary };
      }
      const message = '"to" is missing: say in the row, or with the option "to", which language to translate into';
      context.addIssue({ code: 'custom', path: ['to'], message });
      return z.NEVER;
    });
}
