import type { RunDescription } from '../run/describe-run.ts';

export type Setting = string | number | boolean;

/** What decided a run, as a flat list that trackers can sort and filter by; of rows their files' hashes, never their words. */
export function settingsOf({ recipe, model, training, steps, examples, engine, versions, inputs }: RunDescription) {
  const said = {
    recipe: recipe.name,
    model: model.hub?.id ?? model.folder,
    ...(model.hub && { modelCommit: model.hub.commit }),
    steps,
    examples: examples.count,
    engine: engine.name,
    counterweight: versions.counterweight,
    data: inputs.data.map(({ file }) => file).join(', '),
    dataSha256: inputs.data.map(({ sha256 }) => sha256).join(', '),
  };
  const ofRecipe = Object.entries((recipe.options ?? {}) as object).map(([name, value]) => [`recipe.${name}`, value]);
  const all = [...Object.entries(said), ...Object.entries(training), ...ofRecipe] as [string, unknown][];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, asSetting(value)]])));
}

/** A catalogue that a recipe is given has no place in a table of settings. */
const LONGEST = 500;

function asSetting(value: unknown): Setting {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
