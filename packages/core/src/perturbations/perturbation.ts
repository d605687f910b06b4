import type { Random } from '../random.ts';
import type { RenderedExample } from '../recipe/recipe.ts';

/** A row asked in another way, and what is other about it. */
export interface Perturbed {
  /** With the same completion: what is right is still right. */
  readonly example: RenderedExample;
  /** In words: `waiting → waitnig`. */
  readonly change: string;
}

/**
 * A way to ask the same otherwise: a pure function of a row's words and of random numbers. It changes one thing, and
 * nothing where the recipe does not say that the meaning is kept.
 * @returns undefined where there is nothing to change
 */
export type Perturbation = (example: RenderedExample, random: Random) => Perturbed | undefined;
