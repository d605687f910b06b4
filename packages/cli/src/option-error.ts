import { UserError } from '@counterweight/core';

/** A mistake in a flag or in a config file. */
export const optionError = (problem: string, where: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where, fix });
