import { defineRecipe, type Recipe, resolveOptions } from '@counterweight/core/recipe';
import { exactMatch, wordOverlap } from './metrics.ts';
import { type MyDomainOptionsInput, optionsSchema } from './options.ts';
import { layout, renderWith } from './render.ts';
import { type MyDomainRow, rowSchema } from './row.ts';

/**
 * Answers in the words of the domain.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function myDomain(input: MyDomainOptionsInput = {}): Recipe<MyDomainRow> {
  const options = resolveOptions(optionsSchema, input);
  return defineRecipe({
    name: 'my-domain',
    options,
    row: rowSchema,
    answerField: 'myAnswer',
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason:
        'it is where to start: compare it with others on your own rows (counterweight sweep) before you trust it',
      // Measure it: `counterweight preview` prints it for your rows.
      generationRatio: 0.5,
      maxLength: 512,
      maxNewTokens: 64,
    },
    layout,
    render: renderWith(options),
    metrics: [exactMatch, wordOverlap],
  });
}
