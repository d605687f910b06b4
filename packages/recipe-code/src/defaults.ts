import { longAnswerEvidence, type RecipeDefaults } from '@counterweight/core/recipe';
import type { Task } from './options.ts';

/** The longest row of the samples has 1,023 tokens with a vocabulary of 512, and 507 with one of 49,152. */
const lengths = { maxLength: 1024, maxNewTokens: 384 } as const;

/** R_g is measured on `fixtures` with the tokenizer of stories260k (`experiments/recipes/results.json`). */
export const defaultsOf: Readonly<Record<Task, RecipeDefaults>> = {
  'write-a-function': {
    promptLossWeight: 0,
    promptLossWeightReason: `functions are longer than what asks for them (R_g = 1.42 on MBXP and MBPP): ${longAnswerEvidence}`,
    generationRatio: 1.42,
    ...lengths,
  },
  'fix-a-bug': {
    promptLossWeight: 0,
    promptLossWeightReason:
      'most of the prompt is the bug, which is not to be learnt (the recipe gives it weight 0 in any case), and answers ' +
      'are whole functions, not short (R_g = 0.65 on MBXP)',
    generationRatio: 0.65,
    ...lengths,
  },
  'suggest-an-improvement': {
    promptLossWeight: 0,
    promptLossWeightReason:
      'most of the prompt is the code to do better than, which is not to be learnt (the recipe gives it weight 0 in any ' +
      'case); R_g = 0.36 on MBXP',
    generationRatio: 0.36,
    ...lengths,
  },
  'write-tests': {
    promptLossWeight: 0,
    promptLossWeightReason: `tests are nearly as long as the code they test (R_g = 0.69 on MBXP and MBPP): ${longAnswerEvidence}`,
    generationRatio: 0.69,
    ...lengths,
  },
};
