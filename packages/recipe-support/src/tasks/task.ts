import type { RecipeDefinition, RenderedExample } from '@counterweight/core/recipe';

/** What a task settles; the recipe adds its name and options. */
export type Task<Row> = Omit<RecipeDefinition<Row>, 'name' | 'options'>;

/** The completion of a row: none where the answer is missing or empty. */
export function answer(text: string | undefined): RenderedExample['completion'] {
  return text ? [{ role: 'assistant', text }] : [];
}
