import { UserError } from '../errors.ts';
import { randomBits } from '../random-bits.ts';
import { inPhrasing, trainedPhrasings } from '../recipe/freedom.ts';
import type { RenderedExample } from '../recipe/recipe.ts';
import type { TrainingOptions } from '../training/options.ts';

/** A row to train on, and the phrasing that it was drawn. */
export interface Phrased {
  readonly rendered: RenderedExample;
  /** Undefined where there is nothing to choose from. */
  readonly phrasing: string | undefined;
}

/** Puts rows to train on into the phrasings that are drawn for them. */
export interface PhrasingDraw {
  /** @param row its number among all that are read */
  phrase(rendered: RenderedExample, row: number): Phrased;
  /** @throws {UserError} `option-invalid` after the last row, where none had more than one phrasing */
  end(): void;
}

/**
 * Which words each row is trained on in, with `phrasings: 'all'`: one of its recipe's, never the one that is held out.
 * The seed of the split decides, and the row's number, not the run's own seed: runs that differ in their seed learn the
 * same rows, which are tokenized once, and what differs between them is what a seed is to vary. A row keeps its phrasing
 * over the epochs, so that a resumed run and the preview meet the same words.
 */
export function drawPhrasings({
  phrasings,
  splitSeed,
}: Pick<TrainingOptions, 'phrasings' | 'splitSeed'>): PhrasingDraw | undefined {
  if (phrasings === 'default') return undefined;
  const bits = randomBits(splitSeed, 'phrasing');
  let seen = 0;
  let drawn = 0;
  return {
    phrase(rendered, row) {
      seen++;
      const names = trainedPhrasings(rendered);
      const phrasing = names.length < 2 ? undefined : names[Math.floor((bits(row) / 2 ** 32) * names.length)];
      if (phrasing === undefined) return { rendered, phrasing };
      drawn++;
      return { rendered: inPhrasing(rendered, phrasing), phrasing };
    },
    end() {
      if (seen > 0 && drawn === 0) throw oneWayOnly();
    },
  };
}

const oneWayOnly = (): UserError =>
  new UserError({
    code: 'option-invalid',
    problem: 'The recipe has one phrasing of its instruction only.',
    where: 'option phrasings',
    fix: 'Leave the option out, or let the recipe give the segments of its instruction further phrasings.',
  });
