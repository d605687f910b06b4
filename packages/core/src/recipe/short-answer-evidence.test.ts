import { expect, it } from 'vitest';
import { measuredSweeps } from '../report/advice/measured-sweep.ts';
import { shortAnswerEvidence } from './short-answer-evidence.ts';

it('what recipes say of short answers is what our sweeps measured', () => {
  const short = measuredSweeps.filter(
    ({ generationRatio, lossNormalization }) => generationRatio < 0.5 && lossNormalization === 'weight-sum',
  );
  const ratios = [...new Set(short.map(({ generationRatio }) => generationRatio))].sort((a, b) => a - b);
  expect(shortAnswerEvidence).toContain(`R_g = ${ratios.map((ratio) => Number(ratio.toFixed(2))).join(' and ')})`);
  for (const { weights } of short) {
    for (const { verdict, isBetter } of weights) expect(verdict === 'different' && isBetter).toBe(false);
    const smallest = weights.find(({ weight }) => weight === 0.01);
    expect(smallest?.verdict).not.toBe('different');
    expect(smallest?.kept).toBeGreaterThan(0);
  }
});
