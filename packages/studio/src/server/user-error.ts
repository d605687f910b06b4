import { UserError } from '@counterweight/core';

/** Whatever went wrong, as a page shows it. What nobody expected is told too, and where to look. */
export function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: 'option-invalid',
    problem: `Something went wrong that should not: ${message}`,
    fix: 'See what the studio wrote on the terminal.',
    cause: error,
  });
}
