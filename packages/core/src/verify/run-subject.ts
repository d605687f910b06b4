import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../checkpoint/pretrained/read-config.ts';
import { UserError } from '../errors.ts';
import type { EvaluationProgress } from '../evaluation/evaluation.ts';
import { describeRecipeSource, type RecipeSource } from '../recipe-loading/describe-recipe-source.ts';
import { type AnyRecipe, type RecipeRequest, resolveRecipe } from '../recipe-loading/resolve-recipe.ts';
import { RUN } from '../run/claim-run-folder.ts';
import { parseResultRecord, type ResultRecord } from '../run/result-record.ts';
import { parseRunDescription } from '../run/run-folder.ts';
import { resultFolders } from '../run/save-result.ts';
import type { EngineName } from '../tensor/engine.ts';
import { roundingTolerance } from './tolerance.ts';

const files = z.array(z.object({ file: z.string(), path: z.string().optional(), sha256: z.string() }));

/** As much of run.json as it takes to repeat an evaluation. */
const descriptionSchema = z.object({
  recipe: z.object({
    name: z.string(),
    options: z.record(z.string(), z.unknown()).optional(),
    source: z.object({ file: z.string(), sha256: z.string(), package: z.string().optional() }).optional(),
  }),
  model: z.object({ folder: z.string() }),
  training: z.record(z.string(), z.unknown()),
  evalSplit: z.number().optional(),
  engine: z.object({ name: z.string() }),
  inputs: z.object({ data: files, evalData: files, model: files, adapter: files, tokenizer: files }),
});

export type VerifiedDescription = z.output<typeof descriptionSchema>;
export type FoundRecipe = { readonly recipe: AnyRecipe; readonly source: RecipeSource | undefined };
export type FindRecipe = (request: Pick<RecipeRequest, 'recipe' | 'recipeOptions'>) => Promise<FoundRecipe>;

/** A run folder that is looked at. */
export interface RunSubject {
  /** Absolute. */
  readonly run: string;
  readonly description: VerifiedDescription;
  /** Undefined where result.json is missing or damaged. */
  readonly record: ResultRecord | undefined;
  /** The one to evaluate on, in place of the run's own. */
  readonly engine: EngineName | 'auto' | undefined;
  /** How far losses may be apart by rounding, as a part of their size. */
  readonly rounding: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvaluation: EvaluationProgress | undefined;
  /** The recipe that the run was made with. @throws {UserError} where it is not found */
  recipe(): Promise<FoundRecipe>;
}

export interface RunSubjectOptions
  extends Pick<RunSubject, 'run'>,
    Partial<Pick<RunSubject, 'engine' | 'signal' | 'onEvaluation'>> {
  readonly recipe?: string | undefined;
  readonly findRecipe?: FindRecipe | undefined;
}

/** @throws {UserError} where there is no run, or none that has come to its end */
export async function openRunSubject(options: RunSubjectOptions): Promise<RunSubject> {
  const { findRecipe = findFromHere, engine, signal, onEvaluation } = options;
  const run = resolve(options.run);
  const description = await readDescription(run);
  const record = await parseResultRecord(run);
  const hasResult = Object.values(resultFolders(run)).some((folder) => existsSync(folder));
  if (!record && !hasResult) throw unfinished(run);
  const { name, options: recipeOptions = {}, source } = description.recipe;
  let found: Promise<FoundRecipe> | undefined;
  return {
    ...{ run, description, record, engine, signal, onEvaluation },
    rounding: await roundingOf(description),
    recipe() {
      found ??= findAsMade(findRecipe, options.recipe ?? source?.package ?? name, recipeOptions);
      return found;
    },
  };
}

/** Whether rows were held out, so that there is an evaluation to repeat. */
export const hasHeldOut = ({ evalSplit, inputs }: VerifiedDescription): boolean =>
  evalSplit !== undefined || inputs.evalData.length > 0;

/** Nothing is compared with it where the model is not there. */
async function roundingOf({ model, training }: VerifiedDescription): Promise<number> {
  const config = await readConfig(model.folder).catch(() => undefined);
  return config ? roundingTolerance(config, training.precision === 'bf16' ? 'bf16' : 'f32') : 0;
}

const findFromHere: FindRecipe = async (request) => ({
  recipe: await resolveRecipe(request),
  source: describeRecipeSource(request),
});

/** A module that exports a recipe, and not what makes one, takes no options: its own are in it. */
async function findAsMade(
  find: FindRecipe,
  recipe: string,
  recipeOptions: Readonly<Record<string, unknown>>,
): Promise<FoundRecipe> {
  if (Object.keys(recipeOptions).length === 0) return find({ recipe });
  return find({ recipe, recipeOptions }).catch((error: unknown) =>
    find({ recipe }).catch(() => {
      throw error;
    }),
  );
}

async function readDescription(run: string): Promise<VerifiedDescription> {
  const file = join(run, RUN);
  if (!existsSync(file)) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no run here: run.json is missing.',
      where: run,
      fix: 'Give the folder of a run: the one that train wrote.',
    });
  }
  const parsed = descriptionSchema.safeParse(parseRunDescription(await readFile(file, 'utf8'), file));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'not understood' };
  throw new UserError({
    code: 'file-malformed',
    problem: `This is not what a run of this version writes: ${path.join('.')}: ${message}.`,
    where: file,
    fix: 'Put run.json back from a copy, or verify the run with the version of Counterweight that made it.',
  });
}

const unfinished = (run: string): UserError =>
  new UserError({
    code: 'file-not-found',
    problem: 'This run has no result yet: it was stopped before its end.',
    where: run,
    fix: 'Go on with it: the same train command with --resume.',
  });
