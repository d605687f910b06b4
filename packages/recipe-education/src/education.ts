import { type Recipe, resolveOptions } from '@counterweight/core/recipe';
import { educationOptionsSchema } from './options.ts';
import type {
  EducationOptionsInput,
  ExplainOptionsInput,
  FeedbackOptionsInput,
  HintOptionsInput,
  RewriteOptionsInput,
} from './options-input.ts';
import type { ExplainRow, FeedbackRow, HintRow, RewriteRow } from './row.ts';
import { explainRecipe } from './tasks/explain.ts';
import { feedbackRecipe } from './tasks/feedback.ts';
import { hintRecipe } from './tasks/hint.ts';
import { rewriteRecipe } from './tasks/rewrite.ts';

export type EducationRow = RewriteRow | ExplainRow | HintRow | FeedbackRow;

/**
 * Tutoring at a reading level: rewrites texts (the default task), explains, gives hints without the answer, gives feedback.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function education(options?: Partial<RewriteOptionsInput>): Recipe<RewriteRow>;
export function education(options: ExplainOptionsInput): Recipe<ExplainRow>;
export function education(options: HintOptionsInput): Recipe<HintRow>;
export function education(options: FeedbackOptionsInput): Recipe<FeedbackRow>;
export function education(
  options: Partial<EducationOptionsInput> = {},
): Recipe<RewriteRow> | Recipe<ExplainRow> | Recipe<HintRow> | Recipe<FeedbackRow> {
  const resolved = resolveOptions(educationOptionsSchema, { task: 'rewrite', ...options });
  switch (resolved.task) {
    case 'rewrite':
      return rewriteRecipe(resolved);
    case 'explain':
      return explainRecipe(resolved);
    case 'hint':
      return hintRecipe(resolved);
    case 'feedback':
      return feedbackRecipe(resolved);
  }
}
