import type { RenderedExample } from '../recipe/recipe.ts';
import type { TrainingOptions } from '../training/options.ts';

/**
 * Answers that are not to be learnt as context. Said to who writes the row, and no loss weight: a chat template that
 * rewrites an earlier answer, or cannot be asked for a greeting, is refused only where that is to be learnt.
 * @param trainOn `replies` leaves out what the assistant says before anybody has spoken to it
 */
export function turnsToLearn(rendered: RenderedExample, trainOn: TrainingOptions['trainOn']): RenderedExample {
  if (trainOn === 'all-turns') return rendered;
  const { prompt } = rendered;
  const spoken = trainOn === 'replies' ? prompt.findIndex(({ role }) => role === 'user' || role === 'tool') : -1;
  const context = spoken < 0 ? prompt.length : spoken;
  const told = prompt.map((one, i) => (one.role === 'assistant' && i < context ? { ...one, weight: 0 } : one));
  return { ...rendered, prompt: told };
}
