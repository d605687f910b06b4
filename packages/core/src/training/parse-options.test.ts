import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { TrainingOptionsInput, trainingOptionsSchema } from './options.ts';
import { parseTrainingOptions } from './parse-options.ts';
import { peakLearningRate } from './schedule.ts';

it('takes what the interface that editors show says', () => {
  expectTypeOf<TrainingOptionsInput>().toEqualTypeOf<z.input<typeof trainingOptionsSchema>>();
});

it('fills in defaults', () => {
  expect(parseTrainingOptions()).toMatchObject({ method: 'lora', lossNormalization: 'weight-sum', schedule: 'linear' });
});

it('chooses a higher learning rate for adapters than for whole weights, unless told one', () => {
  expect(peakLearningRate(parseTrainingOptions())).toBe(2e-4);
  expect(peakLearningRate(parseTrainingOptions({ method: 'full' }))).toBe(2e-5);
  expect(peakLearningRate(parseTrainingOptions({ method: 'full', learningRate: 1e-3 }))).toBe(1e-3);
});

it('names the option that does not fit', () => {
  expect(() => parseTrainingOptions({ batchSize: 0 })).toThrow(
    expect.objectContaining({ code: 'option-invalid', where: 'option batchSize' }),
  );
});

it('refuses to be told the weight of the prompt in two ways', () => {
  expect(() => parseTrainingOptions({ promptLossWeight: 0.1, promptLossFraction: 0.3 })).toThrow(/one thing/);
});

it('refuses to be told the warm-up in two ways', () => {
  expect(() => parseTrainingOptions({ warmupSteps: 3, warmupRatio: 0.1 })).toThrow(/one thing/);
  expect(parseTrainingOptions({ warmupRatio: 0.1 }).warmupRatio).toBe(0.1);
});

it('refuses weights beside which others would vanish', () => {
  for (const name of [
    'promptLossWeight',
    'systemLossWeight',
    'userLossWeight',
    'toolLossWeight',
    'templateLossWeight',
  ]) {
    expect(() => parseTrainingOptions({ [name]: 1e300 })).toThrow(new RegExp(`option ${name}`));
  }
});

it('evaluates after numbers of steps, or after epochs', () => {
  expect(parseTrainingOptions({ evaluateEvery: 'epoch' }).evaluateEvery).toBe('epoch');
  expect(parseTrainingOptions({ evaluateEvery: 5 }).evaluateEvery).toBe(5);
  expect(() => parseTrainingOptions({ evaluateEvery: 'day' as 'epoch' })).toThrow(/option evaluateEvery/);
});
