import type { RenderedExample } from '../recipe/recipe.ts';

/**
 * Earlier answers as context, not as something to learn. Said to who writes the row, and no loss weight: a chat template
 * that rewrites an earlier answer is refused only where that is to be learnt.
 */
export function lastTurnOnly({ prompt, ...rest }: RenderedExample): RenderedExample {
  return { ...rest, prompt: prompt.map((one) => (one.role === 'assistant' ? { ...one, weight: 0 } : one)) };
}
