import type { SettledTraining, TrainingOptionsInput } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';

/** Options of a test, which must not depend on what is faster on the machine that it runs on. */
export const inF32 = (options: TrainingOptionsInput = {}): SettledTraining => ({
  ...parseTrainingOptions(options),
  precision: 'f32',
});
