import { expect, it } from 'vitest';
import { scoreOutputs } from '../examples/score-outputs.ts';
import { hasSandbox } from '../src/test-support.ts';

const available = await hasSandbox();

it('outputs that exist already are scored', async () => {
  const scores = await scoreOutputs(4, available ? [1] : []);
  expect(scores['the answer']).toEqual({
    ...(available ? { passAt1: 1, notTested: 0 } : {}),
    compileRate: 1,
    editSimilarity: 1,
    exactMatch: 1,
  });
  if (available) expect(scores['the code as it was']?.passAt1).toBe(0);
  expect(scores['the answer, cut short']?.compileRate).toBe(0);
});
