import jStat from 'jstat';

/** P(T ≤ t) of Student's t with so many degrees of freedom. */
export function studentCdf(t: number, degrees: number): number {
  if (Number.isFinite(t)) return jStat.studentt.cdf(t, degrees);
  return t > 0 ? 1 : 0;
}

/** The t below which Student's distribution has that probability. */
export const studentQuantile = (probability: number, degrees: number): number =>
  jStat.studentt.inv(probability, degrees);

/** The power of a two-sided t test: P(|T| > t₁₋α/₂) where T's centre is `shift` standard errors away from 0. */
export function powerOfT(shift: number, degrees: number, alpha: number): number {
  const critical = studentQuantile(1 - alpha / 2, degrees);
  // The other tail: P(T < −t) of shift is P(T > t) of −shift.
  return 1 - noncentral(critical, degrees, Math.abs(shift)) + (1 - noncentral(critical, degrees, -Math.abs(shift)));
}

/** Beyond, the distribution is a normal's to three digits, and jstat's series takes a millisecond. */
const MANY_DEGREES = 200;

function noncentral(t: number, degrees: number, shift: number): number {
  if (degrees > MANY_DEGREES) return jStat.normal.cdf(t - shift, 0, 1);
  return jStat.noncentralt.cdf(t, degrees, shift);
}

/**
 * How much wider than a normal's the interval of a mean of n values has to be, where their spread was measured on the
 * same values: t / z · √(n / (n − 1)). The bootstrap knows neither (Hesterberg 2015, "narrowness bias"): with six seeds
 * its 95 % are 86 %.
 */
export const wideningOf = (count: number): number =>
  (studentQuantile(0.975, count - 1) / jStat.normal.inv(0.975, 0, 1)) * Math.sqrt(count / (count - 1));
