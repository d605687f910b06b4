import { HELD_OUT_PHRASING, inPhrasing, phrasingsOf } from '../recipe/freedom.ts';
import type { RenderedExample } from '../recipe/recipe.ts';
import type { Perturbed } from './perturbation.ts';

/** The instruction in the words that no training has shown, whatever phrasings it has shown. */
export function otherPhrasing(example: RenderedExample): Perturbed | undefined {
  if (!phrasingsOf(example).includes(HELD_OUT_PHRASING)) return undefined;
  const words = example.prompt.flatMap(({ phrasings }) => phrasings?.[HELD_OUT_PHRASING]?.trim() ?? []);
  return { example: inPhrasing(example, HELD_OUT_PHRASING), change: words.join(' … ') };
}
