import { type AnyRecipe, readRows, resolveRecipe, type UserError } from '@counterweight/core';
import { asUserError } from '../server/user-error.ts';
import { guessColumns } from './columns.ts';
import { type Draft, draftOf, type Form, type RecipeSources } from './draft.ts';
import type { DraftPreview, Previewer } from './preview-draft.ts';

/** What a form for a new run comes to, as far as it is filled in. */
export interface DraftState {
  readonly draft: Draft;
  readonly recipe: AnyRecipe | undefined;
  readonly rows: FirstRows | undefined;
  readonly preview: DraftPreview | undefined;
  /** What keeps it from being trained on; undefined where nothing does, or something is still to be chosen. */
  readonly problem: UserError | undefined;
}

/** The beginning of a file of rows. */
export interface FirstRows {
  /** What the file belongs to that `map` is for: another file or recipe is mapped anew. */
  readonly mappedFor: string;
  readonly columns: readonly string[];
  readonly values: readonly Readonly<Record<string, unknown>>[];
  /** Columns by field, as the user has them or as they are guessed. */
  readonly map: Readonly<Record<string, string>>;
}

/** Rows of a file that are shown. */
const SHOWN = 5;

/** Where files and recipes are found, and what was previewed already. */
export interface DraftPlace {
  readonly recipes: RecipeSources;
  readonly previewer: Previewer;
}

export async function describeDraft(form: Form, { recipes, previewer }: DraftPlace): Promise<DraftState> {
  const draft = await draftOf(form, recipes);
  let state: DraftState = { draft, recipe: undefined, rows: undefined, preview: undefined, problem: undefined };
  try {
    const { recipeOptions: options } = draft;
    const recipe = await resolveRecipe({
      recipe: draft.recipe,
      ...(Object.keys(options).length > 0 && { recipeOptions: options }),
      ...recipes,
    });
    state = { ...state, recipe };
    if (draft.data === '') return state;
    const rows = await firstRowsOf(draft, form, recipe);
    const differing = Object.entries(rows.map).filter(([field, column]) => field !== column);
    const mapped = { ...draft, map: Object.fromEntries(differing) };
    state = { ...state, draft: mapped, rows };
    if (draft.model === '') return state;
    return { ...state, preview: await previewer.preview(mapped) };
  } catch (error) {
    return { ...state, problem: asUserError(error) };
  }
}

async function firstRowsOf({ data, recipe: request, map }: Draft, form: Form, recipe: AnyRecipe): Promise<FirstRows> {
  const rows = await readRows(data, undefined, { first: SHOWN });
  const values = rows.map(({ value }) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { value },
  );
  const columns = [...new Set(values.flatMap((value) => Object.keys(value)))];
  const { rowFields = [], answerField } = recipe;
  const mappedFor = JSON.stringify([request, rowFields, data]);
  const own = form.mappedFor === mappedFor;
  const named = Object.fromEntries(
    rowFields.filter((field) => form[`map.${field}`]).map((field) => [field, form[`map.${field}`] as string]),
  );
  return {
    mappedFor,
    columns,
    values,
    map: own ? { ...named, ...map } : guessColumns(rowFields, answerField, columns),
  };
}
