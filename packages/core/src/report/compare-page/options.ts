import type { RunDescription } from '../../run/describe-run.ts';
import type { Section } from '../document.ts';
import { type Html, html } from '../html.ts';
import { optionsOf, optionText } from '../run-page/options.ts';
import { inWords, named } from '../text.ts';
import type { NamedRun } from './names.ts';

/** What the runs were told otherwise, and nothing that all were told. */
export function comparedOptions(runs: readonly NamedRun[]): Section {
  const told = runs.map(({ record }) => valuesOf(record.description));
  const names = [...new Set(told.flatMap((one) => [...one.keys()]))];
  const different = names.filter((name) => new Set(told.map((one) => one.get(name) ?? 'none')).size > 1);
  if (different.length === 0) {
    return {
      id: 'options',
      title: 'What differs',
      note: 'Nothing: options, rows, model and engine are the same.',
      body: html``,
    };
  }
  return {
    id: 'options',
    title: 'What differs',
    note: 'Everything else that the runs were told is the same.',
    body: html`<div class="scroll" tabindex="0" role="group" aria-label="Table of what differs"><table class="compared"><thead><tr><th scope="col">option</th>${heads(runs)}</tr></thead><tbody>${different.map(
      (name) =>
        html`<tr><th scope="row">${inWords(name)}</th>${told.map((one) => html`<td>${one.get(name) ?? 'none'}</td>`)}</tr>`,
    )}</tbody></table></div>`,
  };
}

/** A column a run. */
export const heads = (runs: readonly NamedRun[]): Html[] =>
  runs.map(({ name, look }) => html`<th scope="col"><span class="key ${look}"><i></i>${named(name)}</span></th>`);

/** All that decides what a run computes, by name, as it is shown. */
function valuesOf(description: RunDescription): Map<string, string> {
  const { recipe, model, engine, inputs, versions } = description;
  const files = (of: RunDescription['inputs']['data'] = []) =>
    of.map(({ file, sha256 }) => `${file} (${sha256.slice(0, 8)})`).join(', ');
  const ofRecipe = Object.entries((recipe.options ?? {}) as Readonly<Record<string, unknown>>);
  return new Map([
    ['recipe', recipe.name],
    ...ofRecipe.map(([name, value]) => [`${recipe.name}: ${name}`, optionText(value)] as const),
    ...optionsOf(description).map(({ name, value }) => [name, optionText(value)] as const),
    ['model', `${model.hub?.id ?? ''}${files(inputs.model)}`],
    ['rows', files(inputs.data)],
    ['held-out rows', files(inputs.evalData)],
    ['engine', engine.name],
    ['counterweight', versions.counterweight ?? ''],
  ]);
}
