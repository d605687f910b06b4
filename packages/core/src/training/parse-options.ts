import { UserError } from '../errors.ts';
import { type TrainingOptions, type TrainingOptionsInput, trainingOptionsSchema } from './options.ts';

/** Options with their defaults. @throws {UserError} `option-invalid` naming the option. */
export function parseTrainingOptions(input: TrainingOptionsInput = {}): TrainingOptions {
  const parsed = trainingOptionsSchema.safeParse(input);
  if (parsed.success) return frozenQuantized(oneWarmup(oneWayToSplit(oneWayToWeighThePrompt(parsed.data))));
  const issue = parsed.error.issues[0];
  throw new UserError({
    code: 'option-invalid',
    problem: issue?.message ?? 'An option does not fit.',
    where: `option ${issue?.path.join('.') || 'training'}`,
    fix: 'See the list of options and their ranges: counterweight train --help',
  });
}

function oneWayToWeighThePrompt(options: TrainingOptions): TrainingOptions {
  if (options.promptLossWeight === undefined || options.promptLossFraction === undefined) return options;
  throw new UserError({
    code: 'option-invalid',
    problem: 'A prompt loss weight and a prompt loss fraction are two ways to say one thing.',
    where: 'options promptLossWeight and promptLossFraction',
    fix: 'Give one of them.',
  });
}

function oneWayToSplit(options: TrainingOptions): TrainingOptions {
  if (options.splitBy === undefined || options.splitByTime === undefined) return options;
  throw new UserError({
    code: 'option-invalid',
    problem: 'Rows can be held out by group or by time, not by both.',
    where: 'options splitBy and splitByTime',
    fix: 'Give one of them.',
  });
}

function oneWarmup(options: TrainingOptions): TrainingOptions {
  if (options.warmupRatio === undefined || options.warmupSteps === 0) return options;
  throw new UserError({
    code: 'option-invalid',
    problem: 'Warm-up steps and a warm-up ratio are two ways to say one thing.',
    where: 'options warmupSteps and warmupRatio',
    fix: 'Give one of them.',
  });
}

function frozenQuantized(options: TrainingOptions): TrainingOptions {
  const { method, quantize = 'none', quantizeEmbeddings } = options;
  if (quantizeEmbeddings && quantize === 'none') {
    throw new UserError({
      code: 'option-invalid',
      problem: 'The embedding table is quantised along with the linear weights, and here those are not.',
      where: 'options quantizeEmbeddings and quantize',
      fix: 'Give quantize too (int8 or int4), or leave quantizeEmbeddings out.',
    });
  }
  if (method !== 'full' || quantize === 'none') return options;
  throw new UserError({
    code: 'option-invalid',
    problem: 'Only weights that are not trained are quantised, and here all of them are.',
    where: 'options quantize and method',
    fix: 'Train an adapter (method lora), or leave quantize out.',
  });
}
