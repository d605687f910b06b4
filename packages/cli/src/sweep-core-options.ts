import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SweepOptions, SweepPlan } from '@counterweight/core';
import { fetchOnce, isObjectUrl } from '@counterweight/launch';
import { optionError } from './option-error.ts';
import { trainingPart } from './options.ts';
import { resolveRecipe, sourceOfRecipe } from './resolve-recipe.ts';
import { marginsOf, type SweepFlags, sweepOptions, variedOptions } from './sweep-options.ts';

/** What stood on the command line of a sweep: kept in sweep.json, so that `sweep work` opens the same again. */
export interface SweepCommand {
  readonly cwd: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The options of core's sweep. @param given names of the options that the user gave: the others are core's to fill in */
export async function sweepCore(
  options: SweepFlags,
  { cwd, given }: { readonly cwd: string; readonly given: ReadonlySet<string> },
): Promise<SweepOptions<unknown>> {
  const { output, model, engine, adapter, data, evalData, evalSplit, weights, seeds, tune, neutral, margins } = options;
  const recipe = await resolveRecipe({ ...options, cwd });
  const training = Object.fromEntries(Object.entries(trainingPart(options)).filter(([name]) => given.has(name)));
  const kept = Object.entries(options).filter(([name]) => given.has(name) || name === 'recipeOptions');
  const command: SweepCommand = { cwd, options: Object.fromEntries(kept) };
  const path = (file: string): string | Promise<string> => (isObjectUrl(file) ? fetchOnce(file) : resolve(cwd, file));
  const paths = (files: readonly string[]) => Promise.all(files.map(path));
  return {
    recipe,
    recipeSource: sourceOfRecipe(options.recipe, cwd),
    model: isObjectUrl(model) ? await fetchOnce(model) : model,
    engine,
    data: await paths(data),
    output: resolve(cwd, output as string),
    training,
    vary: variedOptions(options.vary),
    margins: marginsOf(margins),
    keepModels: options.keepModels,
    command,
    ...(adapter !== undefined && { adapter: isObjectUrl(adapter) ? await fetchOnce(adapter) : adapter }),
    ...(evalData !== undefined && { evalData: await paths(evalData) }),
    ...(evalSplit !== undefined && { evalSplit }),
    ...(weights !== undefined && { weights }),
    ...(seeds !== undefined && { seeds }),
    ...(tune !== undefined && { tune: 'learningRate' }),
    ...(neutral !== undefined && { neutral: await passagesIn(await path(neutral)) }),
  };
}

async function passagesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const problem = error.code === 'ENOENT' ? 'There is no such file' : error.message;
    throw optionError(problem, `--neutral ${file}`, 'Give a text file with a passage a line.');
  });
  const passages = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (passages.length > 0) return passages;
  throw optionError('The neutral text is empty', `--neutral ${file}`, 'Give a text file with a passage a line.');
}

/**
 * The options that a sweep was planned with, with what is different here.
 * @throws {UserError} where it was planned by a program, which has its recipe in memory
 */
export function plannedOptions(
  { command }: SweepPlan,
  { output, ...here }: { readonly output: string } & Readonly<Record<string, unknown>>,
): { options: SweepFlags; cwd: string; given: Set<string> } {
  const { cwd, options } = (command ?? {}) as Partial<SweepCommand>;
  if (cwd === undefined || options === undefined) {
    const fix = 'Go on with it there: workSweep of @counterweight/core.';
    throw optionError('The sweep was planned by a program, which alone has its recipe', output, fix);
  }
  const changed = Object.fromEntries(Object.entries(here).filter(([, value]) => value !== undefined));
  const all = { ...options, ...changed, output };
  const given = new Set([...Object.keys(options), ...Object.keys(changed)]);
  return { options: sweepOptions.parse(all), cwd, given };
}
