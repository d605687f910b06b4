import { expect, test } from 'vitest';
import { contrastOf, estimateOf } from './contrast.ts';
import reference from './fixtures/statistics.json' with { type: 'json' };
import { detectableEffect, equivalenceP, seedsForDifference } from './power.ts';
import { curveAt, weightCurve } from './quadratic.ts';
import { signFlip } from './sign-flip.ts';
import { powerOfT, studentCdf, studentQuantile } from './student.ts';

/** What scipy and statsmodels say: test/reference/statistics.py. */

const near = (value: number, expected: number) => expect(Math.abs(value / expected - 1)).toBeLessThan(1e-7);

test('Student’s t', () => {
  for (const [t, degrees, expected] of reference.student.cdf) near(studentCdf(t!, degrees!), expected!);
  for (const [p, degrees, expected] of reference.student.quantile) near(studentQuantile(p!, degrees!), expected!);
});

test('sign-flip permutation tests', () => {
  for (const { values, p } of reference.signFlips) {
    const { single, corrected } = signFlip([Float64Array.from(values)]);
    expect(single).toEqual([p]);
    expect(corrected).toEqual([p]);
  }
});

test('Westfall and Young’s steps', () => {
  for (const { values, corrected } of reference.stepsDown) {
    expect(signFlip(values.map((own) => Float64Array.from(own))).corrected).toEqual(corrected);
  }
});

test('two one-sided tests', () => {
  for (const { values, margin, p } of reference.equivalences) {
    near(equivalenceP(estimateOf({ values: Float64Array.from(values) }), margin), p);
  }
});

test('power, the smallest effect and the number of seeds', () => {
  for (const { seeds, effect, alpha, power } of reference.powers) {
    near(powerOfT(effect * Math.sqrt(seeds), seeds - 1, alpha), power);
  }
  for (const { seeds, alpha, errors } of reference.detectableEffects) {
    near(detectableEffect(1, seeds, { alpha, leastSeeds: 2 }) as number, errors);
  }
  for (const { effect, alpha, seeds } of reference.sampleSizes) {
    const estimate = { seeds: 4, effect, seedVariance: 1, rowVariance: 0, error: 0.5 };
    expect(seedsForDifference(estimate, { alpha, leastSeeds: 2 })).toBe(seeds);
  }
});

test('variance of rows and seeds that are crossed', () => {
  const { values, rowVariance, seedVariance } = reference.crossedRows;
  const rows = values.map((own) => Float64Array.from(own));
  const means = Float64Array.from(rows, (own) => own.reduce((sum, value) => sum + value, 0) / own.length);
  const estimate = estimateOf(contrastOf(means, rows));
  near(estimate.rowVariance, rowVariance);
  near(estimate.seedVariance, seedVariance);
});

test('a quadratic in w^0.30103', () => {
  for (const { weights, means, coefficients, rSquared, weight } of reference.quadratics) {
    const points = weights.map((own, i) => ({
      weight: own,
      mean: means[i]!,
      samples: new Float64Array(),
      mightBeOff: 1,
    }));
    const curve = weightCurve(points, 1)!;
    for (const [i, expected] of coefficients.entries()) near(curve.coefficients[i]!, expected);
    near(curve.rSquared, rSquared);
    near(curve.best.weight, weight);
    expect(curveAt(curve.coefficients, 0)).toBe(curve.coefficients[0]);
  }
});
