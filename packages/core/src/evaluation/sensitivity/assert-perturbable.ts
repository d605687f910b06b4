import { UserError } from '../../errors.ts';
import { nearestOf } from '../../nearest.ts';
import { perturbationNames } from '../../perturbations/perturbations.ts';
import type { TrainingOptionsInput } from '../../training/options.ts';
import type { Samples } from '../samples.ts';
import type { AskingOptions } from './prepare-askings.ts';

interface Asked {
  readonly perturb?: boolean | Pick<AskingOptions, 'perturbations' | 'seed'> | undefined;
  readonly sampling?: Samples | undefined;
  readonly training?: TrainingOptionsInput | undefined;
}

/**
 * What is to be asked again, if anything.
 * @throws {UserError} `option-invalid` where a changed answer would say nothing about the prompt, and for names that
 * there are not
 */
export function assertPerturbable({
  perturb = false,
  sampling = {},
  training,
}: Asked): Pick<AskingOptions, 'perturbations' | 'seed'> | undefined {
  if (perturb === false) return undefined;
  const { samples = 1, temperature = 0 } = sampling;
  if (samples > 1 || temperature > 0) {
    throw invalid(
      'Answers that are sampled change from one time to the next, however they are asked for.',
      'Leave samples and temperature out, or perturb.',
    );
  }
  if (training?.evaluateLossesOnly) {
    throw invalid(
      'Nothing is generated where losses are enough, so no answer can change.',
      'Leave evaluateLossesOnly out.',
    );
  }
  if (perturb === true) return {};
  const unknown = perturb.perturbations?.find((name) => !perturbationNames.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown, perturbationNames);
    const names = `There are ${perturbationNames.join(', ')}.`;
    throw invalid(
      `There is no perturbation "${unknown}".`,
      nearest === undefined ? names : `Did you mean ${nearest}? ${names}`,
    );
  }
  return perturb;
}

const invalid = (problem: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where: 'option perturb', fix });
