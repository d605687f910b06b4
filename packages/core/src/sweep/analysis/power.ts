import type { Estimate } from './contrast.ts';
import { powerOfT, studentCdf, studentQuantile } from './student.ts';

/** How likely a true difference, or an equivalence, is to be found where a number of seeds is said to be enough. */
const POWER = 0.8;

/** More seeds than that are no advice. */
const MOST_SEEDS = 1000;

/**
 * p of two one-sided t tests (Schuirmann 1987): that the true difference lies outside ±margin, where a mean this near to
 * 0 comes about all the same.
 */
export function equivalenceP({ effect, error, seeds }: Estimate, margin: number): number {
  return boundP({ effect: Math.abs(effect), error, seeds }, margin);
}

/** p of a one-sided t test that the true difference is the margin or more. */
export function boundP({ effect, error, seeds }: Pick<Estimate, 'effect' | 'error' | 'seeds'>, margin: number): number {
  if (seeds < 2 || Number.isNaN(error)) return Number.NaN;
  if (error === 0) return effect < margin ? signP(seeds) : 1;
  return studentCdf((effect - margin) / error, seeds - 1);
}

/** A sign-flip test at 5 % needs so many: p ≥ 2/2ⁿ. */
const FEWEST_SEEDS = 6;

/** Seeds that all show the same have no spread to go by. Of a median outside, so many are inside as often as coins fall alike. */
const signP = (seeds: number): number => 0.5 ** seeds;

/** What a difference is tested at. */
export interface Test {
  /** What its p is compared with; divided by the number of comparisons, where there are several. */
  readonly alpha: number;
  /** The fewest seeds that can show one at all, because a sign-flip test of n seeds has p ≥ 2/2ⁿ. */
  readonly leastSeeds: number;
}

/**
 * The smallest true difference that would have been found with 80 % power; null where so few seeds cannot show any.
 * @param error the standard error of the difference
 */
export function detectableEffect(error: number, seeds: number, test: Test): number | null {
  if (seeds < test.leastSeeds || !(error >= 0)) return null;
  return error === 0 ? 0 : error * detectableErrors(seeds, test.alpha);
}

/** The same in standard errors: a function of little that is asked for often, so kept. */
function detectableErrors(seeds: number, alpha: number): number {
  const key = `${seeds} ${alpha}`;
  const before = kept.get(key);
  if (before !== undefined) return before;
  const isFound = (errors: number) => powerOfT(errors, seeds - 1, alpha) >= POWER;
  let [low, high] = [0, 1];
  while (!isFound(high)) [low, high] = [high, 2 * high];
  for (let step = 0; step < 32; step++) {
    const middle = (low + high) / 2;
    if (isFound(middle)) high = middle;
    else low = middle;
  }
  kept.set(key, high);
  return high;
}

const kept = new Map<string, number>();

/**
 * The number of seeds that would show the observed difference, were it the true one, with 80 % power. Null where none
 * would: what is left is the choice of rows.
 */
export function seedsForDifference(estimate: Estimate, { alpha, leastSeeds }: Test): number | null {
  if (estimate.effect === 0) return null;
  return fewestSeeds(estimate, leastSeeds, (error, seeds) => {
    return Math.abs(estimate.effect) >= error * detectableErrors(seeds, alpha);
  });
}

/** The number of seeds that would show with 80 % power that the true difference is within the margin. */
export function seedsForEquivalence(estimate: Estimate, margin: number | null, alpha: number): number | null {
  const distance = Math.abs(estimate.effect);
  if (margin === null || !(distance < margin)) return null;
  return fewestSeeds(estimate, 2, (error, seeds) => {
    if (error === 0) return signP(seeds) <= alpha;
    const critical = studentQuantile(1 - alpha, seeds - 1);
    const inside = (room: number) => studentCdf(room / error - critical, seeds - 1);
    return inside(margin - distance) + inside(margin + distance) - 1 >= POWER;
  });
}

/** The number of seeds that would show with 80 % power that the true difference, if it is the observed one, is below the margin. */
export function seedsForBound(estimate: Estimate, margin: number | null, alpha: number): number | null {
  const room = (margin ?? Number.NaN) - estimate.effect;
  if (!(room > 0)) return null;
  return fewestSeeds(estimate, 2, (error, seeds) => {
    if (error === 0) return signP(seeds) <= alpha;
    return studentCdf(room / error - studentQuantile(1 - alpha, seeds - 1), seeds - 1) >= POWER;
  });
}

/** How many more seeds than there are, at least one: the fewest of some numbers that are enough. */
export function moreSeeds({ seeds }: Pick<Estimate, 'seeds'>, enough: readonly (number | null)[]): number | null {
  const numbers = enough.filter((count) => count !== null);
  return numbers.length === 0 ? null : Math.max(1, Math.min(...numbers) - seeds);
}

/** The fewest seeds, of as many rows as there are, whose standard error is small enough; more are never worse. */
function fewestSeeds(
  { seedVariance, rowVariance }: Estimate,
  least: number,
  isEnough: (error: number, seeds: number) => boolean,
): number | null {
  // One seed says nothing of how much seeds differ: what can be said is how many a test needs at all.
  if (Number.isNaN(seedVariance)) return Math.max(least, FEWEST_SEEDS);
  const tells = (seeds: number) => isEnough(Math.sqrt(seedVariance / seeds + rowVariance), seeds);
  if (!tells(MOST_SEEDS)) return null;
  let [low, high] = [least - 1, MOST_SEEDS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (tells(middle)) high = middle;
    else low = middle;
  }
  return high;
}
