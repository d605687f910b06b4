import { trainingOptionsSchema } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { meantBy, unknownFlags, unknownOptions } from './unknown-options.ts';

const known = [
  'model',
  'data',
  'evalSplit',
  'evaluateEvery',
  'checkpointEvery',
  ...Object.keys(trainingOptionsSchema.shape),
];

describe('meantBy', () => {
  it.each([
    ['loraR', ['loraRank']],
    ['lora-r', ['loraRank']],
    ['lora_r', ['loraRank']],
    ['evalSteps', ['evaluateEvery']],
    ['saveSteps', ['checkpointEvery']],
    ['base_model', ['model']],
    ['learning_rate', ['learningRate']],
    ['learningrate', ['learningRate']],
    ['epoch', ['epochs']],
    ['quite another thing', []],
  ])('%s is %j here', (name, ours) => {
    expect(meantBy(name, known)).toEqual(ours);
  });
});

describe('unknownOptions', () => {
  it('names all of them at once, each with its counterpart', () => {
    const { message } = unknownOptions(['base_model', 'loraR', 'nothing like it'], 'run.yaml', known);
    expect(message).toContain('Unknown options "base_model", "loraR", "nothing like it"');
    expect(message).toContain('Did you mean base_model → model; loraR → loraRank?');
    expect(message).toContain('counterweight import-config FILE');
  });
});

it('names all flags that a command does not have, each with what it is here', () => {
  const argv = ['train', '--lora-r', '4', '--eval_steps=3', '--zzz', '--json'];
  const { message } = unknownFlags(argv, ['loraRank', 'evaluateEvery']) as Error;
  expect(message).toContain("unknown options '--lora-r', '--eval_steps', '--zzz'");
  expect(message).toContain('Did you mean --lora-r → --lora-rank; --eval_steps → --evaluate-every?');
  expect(unknownFlags(['train', '--lora-rank', '4'], ['loraRank'])).toBeUndefined();
});
