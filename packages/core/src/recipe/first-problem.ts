import type { z } from 'zod';

/** The first thing a schema found wrong, in words for people. `field` is a path (`messages.2.role`), or empty. */
export function firstProblem(error: z.ZodError, input: unknown): { readonly field: string; readonly problem: string } {
  const issue = error.issues[0];
  if (!issue) return { field: '', problem: error.message };
  const field = issue.path.map(String).join('.');
  const named = field === '' ? 'the row' : JSON.stringify(field);
  if (issue.code === 'unrecognized_keys') {
    return {
      field: issue.keys[0] ?? field,
      problem: `there is no ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`,
    };
  }
  if (field !== '' && valueAt(input, issue.path) === undefined) return { field, problem: `${named} is missing` };
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1) {
    return { field, problem: `${named} is empty` };
  }
  // A choice with a default has undefined among its values, which nobody writes.
  const message =
    issue.code === 'custom'
      ? issue.message
      : issue.message.replace(/^Invalid (input|option): /, '').replace(/'undefined' \| | \| 'undefined'/, '');
  return { field, problem: issue.code === 'custom' ? message : `${named} does not fit: ${message}` };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
