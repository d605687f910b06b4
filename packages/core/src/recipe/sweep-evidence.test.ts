import { expect, it } from 'vitest';
import { type MeasuredSweep, measuredSweeps } from '../report/advice/measured-sweep.ts';
import { longAnswerEvidence, shortAnswerEvidence } from './sweep-evidence.ts';

const byDefault = measuredSweeps.filter(({ lossNormalization }) => lossNormalization === 'weight-sum');
const short = byDefault.filter(({ generationRatio }) => generationRatio < 0.5);
const long = byDefault.filter(({ generationRatio }) => generationRatio >= 0.5);

function ratiosOf(sweeps: readonly MeasuredSweep[]): string {
  const ratios = [...new Set(sweeps.map(({ generationRatio }) => generationRatio))].sort((a, b) => a - b);
  return ratios
    .map((ratio) => Number(ratio.toFixed(2)))
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');
}

it('what recipes say of short answers is what our sweeps measured', () => {
  expect(shortAnswerEvidence).toContain(`R_g = ${ratiosOf(short)})`);
  for (const { weights } of short) {
    for (const { verdict, isBetter } of weights) expect(verdict === 'different' && isBetter).toBe(false);
    const smallest = weights.find(({ weight }) => weight === 0.01);
    expect(smallest?.verdict).not.toBe('different');
    expect(smallest?.kept).toBeGreaterThan(0);
  }
});

it('what recipes say of longer answers is what our sweeps measured', () => {
  expect(longAnswerEvidence).toContain(`R_g = ${ratiosOf(long)})`);
  for (const { weights, outcome } of long) {
    expect(outcome).toBe('completionLoss');
    expect(weights.map(({ kept }) => kept)).toEqual(weights.map(() => null));
    expect(weights.find(({ weight }) => weight === 1)).toMatchObject({ verdict: 'different', isBetter: true });
  }
});
