import { trainingOptionsSchema } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { meantBy, unknownOptions } from './unknown-options.ts';

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
