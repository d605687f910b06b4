import { importRecipeModule, trainingOptionsSchema, UserError } from '@counterweight/core';
import { type Field, type FormValues, fieldsOf, readFields } from './schema-fields.ts';

/** Where recipes are looked up: from the studio's folder, and beside the command line. */
export interface RecipeSources {
  readonly cwd: string;
  /** URL of its module. */
  readonly program: string;
}

/** What a form for a new run says: names of its fields and what stands in them. */
export type Form = FormValues;

/** A run as it is meant, before anybody has checked it. */
export interface Draft {
  readonly recipe: string;
  readonly recipeOptions: Readonly<Record<string, unknown>>;
  readonly recipeFields: readonly Field[];
  readonly model: string;
  readonly data: string;
  readonly evalData: string;
  readonly evalSplit: number | undefined;
  /** Fields of the recipe by the columns that they are read from, as far as their names differ. */
  readonly map: Readonly<Record<string, string>>;
  /** What is not as it would be anyway. */
  readonly training: Readonly<Record<string, unknown>>;
}

/** Options of training that a form asks by themselves, or not at all. */
const ASKED_ELSEWHERE = ['map', 'skipInvalid', 'promptLossFraction', 'addTokens'] as const;

/** What the studio begins with, where that is not what the command line does: a page is to show what goes on. */
const STUDIO_DEFAULTS: Readonly<Record<string, string>> = {
  evaluateEvery: 'epoch',
  maxEvalRows: '100',
};

/** All options of training, in the order of their schema. */
export const trainingFields: readonly Field[] = fieldsOf(trainingOptionsSchema, {}).filter(
  ({ name }) => !(ASKED_ELSEWHERE as readonly string[]).includes(name),
);

/** What a field of training shows at first. */
export const firstValueOf = ({ name, initial }: Field): string => STUDIO_DEFAULTS[name] ?? initial ?? '';

/** What the names of a recipe's options begin with: another recipe has its own, also of the same name. */
export const optionsOf = (recipe: string): string => `option.${recipe}`;

/** Of a form's values, those whose names begin with a word and a dot, without it. */
const under = (form: Form, prefix: string): FormValues =>
  Object.fromEntries(
    Object.entries(form)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value]),
  );

/** @throws {UserError} `recipe-invalid` for a recipe that is not there */
export async function draftOf(form: Form, place: RecipeSources): Promise<Draft> {
  const recipe = form.recipe ?? 'plain';
  const { optionsSchema } = await importRecipeModule({ recipe, ...place });
  const options = under(form, optionsOf(recipe));
  const recipeFields = fieldsOf(optionsSchema, options);
  const split = Number(form.evalSplit ?? '');
  return {
    recipe,
    recipeFields,
    recipeOptions: readFields(recipeFields, options),
    model: form.model ?? '',
    data: form.data ?? '',
    evalData: form.evalData ?? '',
    evalSplit: form.evalData ? undefined : split > 0 ? split : undefined,
    map: Object.fromEntries(
      Object.entries(under(form, 'map')).filter(([field, column]) => column !== '' && field !== column),
    ),
    training: readFields(trainingFields, under(form, 'training')),
  };
}

/** The studio runs the code of recipes that it was given, and of no others. */
export const unknownRecipe = (recipe: string): UserError =>
  new UserError({
    code: 'recipe-invalid',
    problem: 'The studio does not know this recipe.',
    where: recipe,
    fix: 'Install its package beside the studio, or start the studio with --recipe.',
  });
