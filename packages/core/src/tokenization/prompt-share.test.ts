import { expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import type { TokenizedExample } from './example.ts';
import { writeExamples } from './example-store.ts';
import { promptScale, withPromptScale } from './prompt-share.ts';

const example = (prompt: number[], completion: number[]): TokenizedExample => ({
  ids: [0, ...prompt, ...completion],
  weights: [0, ...prompt, ...completion],
  classes: ['bos', ...prompt.map(() => 'user' as const), ...completion.map(() => 'assistant' as const)],
  promptLength: 1 + prompt.length,
  cutTokens: 0,
});

function withPromptShare(examples: readonly TokenizedExample[], fraction: number): TokenizedExample[] {
  const weight = { prompt: 0, completion: 0 };
  const store = writeExamples();
  for (const one of examples) {
    store.append(one);
    for (const [i, own] of one.weights.entries()) {
      if (one.classes[i] !== 'bos') weight[one.classes[i] === 'user' ? 'prompt' : 'completion'] += own;
    }
  }
  return takeExamples(withPromptScale(store.finish(), promptScale(fraction, weight)));
}

it('gives the prompt its share of the total weight, segments keeping their proportions', () => {
  // Prompt weighs 1 + 3 + 4 = 8, completion 2 + 4 = 6; a quarter of the total is 2 of 8: scale 2 / 8.
  const [first, second] = withPromptShare([example([1, 3], [2]), example([4], [4])], 0.25);
  expect(first?.weights).toEqual([0, 0.25, 0.75, 2]);
  expect(second?.weights).toEqual([0, 1, 4]);
});

it('masks the prompt at a share of 0, and leaves rows without a prompt alone', () => {
  expect(withPromptShare([example([1, 1], [1])], 0)[0]?.weights).toEqual([0, 0, 0, 1]);
  expect(withPromptShare([example([], [1, 1])], 0.5)[0]?.weights).toEqual([0, 1, 1]);
});
