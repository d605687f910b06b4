import { expect, test } from 'vitest';
import { analyzeSweep } from './analyze-sweep.ts';
import { describeAnalysis } from './describe-analysis.ts';
import { EXACT_MATCH, simulatedTrials } from './test-support/simulated-trials.ts';

test('a table says weights, the prompt’s share, differences with intervals, and how small a one it could have seen', () => {
  const trials = simulatedTrials(1, { weights: [0, 0.1, 1], accuracy: [0.5, 0.65, 0.3], rows: 200 });
  const analysis = analyzeSweep(trials, { metrics: EXACT_MATCH });
  const lines = describeAnalysis(analysis);
  expect(lines[0]).toMatch(/^Weight 0\.1: exactMatch \+0\.1\d+ \(95 %: \+0\.\d+ … \+0\.\d+\) from weight 0\.$/);
  expect(lines[1]).toMatch(/^promptLossWeight 0\.1: .* the prompt makes up 50\.0 % of the total weight\.$/);
  const start = lines.findIndex((line) => line.startsWith('exactMatch,'));
  const { detectable } = analysis.outcomes[0]!;
  expect(lines[start]).toBe(
    'exactMatch, higher is better (8 seeds, 200 rows). ' +
      `A true difference of ${Number(detectable?.toPrecision(3))} would have been seen (80 % power). Equivalent: within 0.02.`,
  );
  expect(lines[start + 1]).toMatch(/^weight {2}prompt’s share {2}mean +from weight 0 +95 % +p +corrected +verdict$/);
  expect(lines[start + 2]).toMatch(/^0 +0\.0 % +0\.\d+$/);
  expect(lines[start + 3]).toMatch(
    /^0\.1 +50\.0 % +0\.\d+ +\+0\.1\d+ +\+0\.\d+ … \+0\.\d+ +0\.0078 +0\.0078 +different$/,
  );
  expect(lines[start + 4]).toMatch(/^1 +90\.9 % .* −0\.\d+ +−0\.\d+ … −0\.\d+ /);
});

test('each claim has its verdict and whether it holds', () => {
  const trials = simulatedTrials(1, { weights: [0, 0.1, 1], accuracy: [0.5, 0.65, 0.3], rows: 200 });
  const lines = describeAnalysis(analyzeSweep(trials, { metrics: EXACT_MATCH }));
  expect(lines.filter((line) => /^\([abcd]\) /.test(line)).map((line) => line.split(': ').at(-1))).toEqual([
    'it does not hold here.',
    'it holds here.',
    'open.',
    'open.',
  ]);
  expect(lines.filter((line) => /^ {4}(Different|Equivalent|Inconclusive)/.test(line))).toHaveLength(2);
});
