import type { Recipe, RowSettings } from './recipe.ts';

/** What decides layout, default weight, lengths and answer set of a row: its recipe, or its own recipe in a mixture. */
export function settingsOf<Row>(recipe: Recipe<Row>, row: Row): RowSettings {
  return recipe.mixture?.partOf(row) ?? recipe;
}
