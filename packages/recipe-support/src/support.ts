import { defineRecipe, type Recipe, resolveOptions } from '@counterweight/core/recipe';
import { exactMatch, macroF1 } from './metrics.ts';
import { type SupportOptionsInput, supportOptionsSchema } from './options.ts';
import { layout, render } from './render.ts';
import { type SupportRow, supportRowSchema } from './row.ts';

/**
 * Customer support: names the problem in a customer's message in a few words.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function support(options: SupportOptionsInput = {}): Recipe<SupportRow> {
  return defineRecipe({
    name: 'support',
    options: resolveOptions(supportOptionsSchema, options),
    row: supportRowSchema,
    answerField: 'problem',
    defaults: {
      promptLossWeight: 0.1,
      promptLossWeightReason:
        'answers are much shorter than the messages they name (R_g = 0.22 on banking77): a little of the prompt ' +
        'steadies training, 0.1 is where to start before a sweep',
      generationRatio: 0.22,
      maxLength: 512,
      maxNewTokens: 32,
    },
    layout,
    render,
    metrics: [exactMatch, macroF1],
  });
}
