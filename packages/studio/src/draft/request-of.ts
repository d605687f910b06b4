import { join } from 'node:path';
import { trainingOptionsSchema, UserError } from '@counterweight/core';
import { timestamp } from '@counterweight/core/files';
import type { JobRequest } from '../jobs/job.ts';
import type { Draft, Form } from './draft.ts';

export interface RequestPlace {
  /** Folders that runs and sweeps are made in. */
  readonly runs: string;
  readonly sweeps: string;
  /** Rows that the preview left out: as many may be, and one more ends the run. */
  readonly invalidRows: number;
  readonly now?: Date;
}

/**
 * A draft as a job for the command line.
 * @throws {UserError} `option-invalid` for a value that does not fit
 */
export function requestOf(
  draft: Draft,
  form: Form,
  { runs, sweeps, invalidRows, now = new Date() }: RequestPlace,
): JobRequest {
  const { recipe, recipeOptions, model, data, evalData, evalSplit, map, training } = draft;
  const checked = trainingOptionsSchema.partial().safeParse(training);
  if (!checked.success) throw misfit(checked.error.issues[0]);
  const isSweep = form.start === 'sweep';
  const { promptLossWeight, ...others } = training;
  const options = {
    recipe,
    model,
    data: [data],
    ...(Object.keys(recipeOptions).length > 0 && { recipeOptions }),
    ...(evalData !== '' ? { evalData: [evalData] } : evalSplit !== undefined && { evalSplit }),
    ...(Object.keys(map).length > 0 && { map }),
    ...(invalidRows > 0 && { skipInvalid: invalidRows }),
    ...others,
    ...(isSweep ? sweepOptions(form) : promptLossWeight !== undefined && { promptLossWeight }),
  };
  const name =
    form.name?.trim() ||
    `${recipe
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/[.][jt]s$/, '')}-${timestamp(now)}`;
  if (!/^[A-Za-z0-9][\w.-]{0,79}$/.test(name)) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'This is no name for a folder.',
      where: name,
      fix: 'Take letters, digits, dots and dashes.',
    });
  }
  return { kind: isSweep ? 'sweep' : 'train', options, output: join(isSweep ? sweeps : runs, name) };
}

function sweepOptions(form: Form): Record<string, unknown> {
  const weights = (form['sweep.weights'] ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean)
    .map(Number);
  const seeds = Number(form['sweep.seeds'] ?? '');
  if (weights.length < 2 || weights.some((weight) => !(weight >= 0))) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'A sweep compares two weights or more.',
      where: 'weights',
      fix: 'Write numbers of 0 or more with commas between them.',
    });
  }
  return { weights, ...(Number.isInteger(seeds) && seeds > 0 && { seeds }) };
}

const misfit = (issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined) =>
  new UserError({
    code: 'option-invalid',
    problem: `${String(issue?.path[0] ?? 'An option')} does not fit: ${issue?.message ?? ''}`,
    where: 'The training',
    fix: 'What the option may be stands below it.',
  });
