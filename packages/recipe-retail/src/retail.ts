import { defineRecipe, type Recipe, resolveOptions, shortAnswerEvidence } from '@counterweight/core/recipe';
import { SEPARATOR } from './answer-format.ts';
import { answersOf } from './answers-of.ts';
import { popularNames } from './baselines/popular-names.ts';
import { normaliseName } from './catalogue/normalise-name.ts';
import { retailOptionsSchema } from './options.ts';
import type { RetailOptionsInput } from './options-input.ts';
import { retailMetrics } from './recipe-metrics.ts';
import { layout, render } from './render.ts';
import type { RetailRow } from './row.ts';
import { tasks } from './tasks.ts';

/** A name and the line break after it, with a small vocabulary: 9.2 on completejourney with that of stories260k, and room. */
const TOKENS_A_NAME = 16;

/**
 * Recommendations: from what a shopper bought, likes, reviewed and sent back, the names of what comes next; and the same
 * for a basket, an order and a search.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function retail(input: RetailOptionsInput = {}): Recipe<RetailRow> {
  const options = resolveOptions(retailOptionsSchema, input);
  const { row, answerField, generationRatio } = tasks[options.task];
  return defineRecipe({
    name: 'retail',
    options,
    row,
    answerField,
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `answers are shorter than what they answer (R_g = ${generationRatio}); ${shortAnswerEvidence}`,
      generationRatio,
      maxLength: 512,
      maxNewTokens: TOKENS_A_NAME * Math.max(...options.cutoffs),
    },
    layout,
    render: (parsed) => render(parsed, options),
    metrics: retailMetrics(options),
    baseline: popularNames(options),
    normaliseAnswer,
    ...answersOf(options),
  });
}

/** The same names in the same order, however they are written. */
const normaliseAnswer = (text: string): string =>
  text
    .split(SEPARATOR)
    .map(normaliseName)
    .filter((name) => name !== '')
    .join(SEPARATOR);
