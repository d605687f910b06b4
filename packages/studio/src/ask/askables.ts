import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@counterweight/core';
import { readRunSummary } from '@counterweight/core/report';
import { unknownRecipe } from '../draft/draft.ts';
import { describeRuns } from '../folder/describe-runs.ts';
import { listModels } from '../folder/list-models.ts';
import type { Askable } from '../pages/ask.ts';
import type { Studio } from '../server/studio.ts';
import type { Question } from './answer.ts';

/** Who answers, and how it is asked if it was trained. */
export interface Answerer extends Pick<Question, 'model' | 'adapter'> {
  readonly trainedWith?: Pick<Question, 'recipe' | 'recipeOptions'>;
}

const RUN = 'run:';
const BASE = 'base:';

/** Runs that have a result, the models that they began with, and the models of the folders. */
export async function listAskables({ roots, jobs }: Studio): Promise<Askable[]> {
  const [runs, models] = await Promise.all([describeRuns(roots, await jobs.list()), listModels(roots)]);
  const trained = runs.filter(({ kind, path }) => kind === 'run' && existsSync(join(path, 'result.json')));
  return [
    ...trained.map(({ name, what }) => ({ value: `${RUN}${name}`, name: `${name}: ${what}` })),
    ...trained.map(({ name }) => ({ value: `${BASE}${name}`, name: `what ${name} began with` })),
    ...models.map(({ path, name, kind }) => ({ value: path, name: `${name} (${kind})` })),
  ];
}

/** @throws {UserError} `file-not-found` for who is not listed, `recipe-invalid` for a recipe that the studio was not given */
export async function answererOf(value: string, studio: Studio): Promise<Answerer> {
  if (!(await listAskables(studio)).some((one) => one.value === value)) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no such model.',
      where: value,
      fix: 'Choose one of the list.',
    });
  }
  const name = value.startsWith(RUN)
    ? value.slice(RUN.length)
    : value.startsWith(BASE)
      ? value.slice(BASE.length)
      : undefined;
  if (name === undefined) return { model: value };
  const jobs = await studio.jobs.list();
  const run = (await describeRuns(studio.roots, jobs)).find((one) => one.name === name);
  const path = run?.path as string;
  const { description } = await readRunSummary(path);
  const { recipe, model, training } = description;
  // A recipe of a file is known by the path that the run was started with.
  const request = run?.job?.options.recipe ?? recipe.name;
  // A run folder may come from anywhere: what it names is not for that code to be run.
  if (!run?.job && !studio.recipes.includes(recipe.name)) throw unknownRecipe(recipe.name);
  const options = recipe.name === 'plain' ? undefined : (recipe.options as Question['recipeOptions']);
  const trainedWith = {
    recipe: String(request),
    ...(options && Object.keys(options).length > 0 && { recipeOptions: options }),
  };
  const { hub } = model;
  const base = hub ? `${hub.id}${hub.file ? `/${hub.file}` : ''}@${hub.commit}` : model.folder;
  if (value.startsWith(BASE)) return { model: base, trainedWith };
  if (training.method === 'full') return { model: join(path, 'model'), trainedWith };
  return { model: base, adapter: join(path, 'adapter'), trainedWith };
}
