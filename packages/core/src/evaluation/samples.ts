import { UserError } from '../errors.ts';
import type { Sampling } from '../generation/sampling.ts';

/** How outputs to be measured are generated. */
export interface Samples extends Sampling {
  /** Outputs of each row, which metrics such as pass@k need; more than one needs a temperature above 0. Default 1. */
  readonly samples?: number | undefined;
  /** Decides the sampling. Default 0. */
  readonly seed?: number | undefined;
  /** In place of the recipe's own. */
  readonly maxNewTokens?: number | undefined;
}

/** @throws {UserError} `option-invalid` for a number of samples that is none, and for samples that would be alike */
export function checkSamples({ samples = 1, temperature = 0 }: Samples = {}): void {
  const refuse = (problem: string, fix: string) =>
    new UserError({ code: 'option-invalid', problem, where: 'samples', fix });
  if (!(Number.isInteger(samples) && samples > 0)) {
    throw refuse(`There can't be ${samples} samples a row.`, 'Give a whole number, 1 or more.');
  }
  if (samples > 1 && !(temperature > 0)) {
    const fix = 'Give a temperature above 0, such as 0.8; or leave the samples out.';
    throw refuse(`Without a temperature, ${samples} samples of a row are all the same.`, fix);
  }
}
