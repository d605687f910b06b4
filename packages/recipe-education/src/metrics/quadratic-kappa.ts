/**
 * Cohen's kappa with quadratic weights (Cohen 1968) of two raters' whole numbers:
 * 1 − Σ (aᵢ − bᵢ)² / (Σᵢⱼ (aᵢ − bⱼ)² / n), the disagreement observed over the one expected of independent raters. 1 is
 * agreement, 0 chance, below 0 worse than chance. Equals scikit-learn's `cohen_kappa_score(weights="quadratic")` with the
 * whole range of numbers as labels. Where nobody could disagree (all ratings are one number), it is 1.
 */
export function quadraticWeightedKappa(first: readonly number[], second: readonly number[]): number {
  const n = first.length;
  let observed = 0;
  for (const [i, rating] of first.entries()) observed += (rating - (second[i] ?? 0)) ** 2;
  const [a, b] = [momentsOf(first), momentsOf(second)];
  // Σᵢⱼ (aᵢ − bⱼ)² / n = Σ aᵢ² + Σ bⱼ² − 2 Σ aᵢ Σ bⱼ / n, exact for whole numbers.
  const expected = a.squares + b.squares - (2 * a.sum * b.sum) / n;
  if (observed === 0) return 1;
  return 1 - observed / expected;
}

function momentsOf(ratings: readonly number[]): { readonly sum: number; readonly squares: number } {
  let sum = 0;
  let squares = 0;
  for (const rating of ratings) {
    sum += rating;
    squares += rating ** 2;
  }
  return { sum, squares };
}
