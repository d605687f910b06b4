import type { RunDescription } from '../../run/describe-run.ts';
import { type TrainingOptions, trainingOptionsSchema } from '../../training/options.ts';
import { peakLearningRate } from '../../training/schedule.ts';
import type { Section } from '../document.ts';
import { type Html, html } from '../html.ts';
import type { RunRecord } from '../run-record.ts';
import { inWords } from '../text.ts';

/** An option of a run as it was, and as it is where nobody says anything. */
export interface ShownOption {
  readonly name: string;
  readonly value: unknown;
  readonly usual: unknown;
  readonly description: string;
}

/** What the run was told, first what differs from what it would have done by itself. */
export function optionsSection({ description }: RunRecord): Section {
  const changed = changedOptions({ description });
  const usual = optionsOf(description).filter(isUsual);
  const ofRecipe = Object.entries((description.recipe.options ?? {}) as Readonly<Record<string, unknown>>);
  return {
    id: 'options',
    title: 'Options',
    note: changed.length === 0 ? 'All of them had their defaults.' : 'What differs from the defaults.',
    body: html`${changed.length > 0 ? optionTable(changed, true) : []}
${ofRecipe.length > 0 ? html`<h3>Of the recipe ${description.recipe.name}</h3><dl class="facts">${ofRecipe.map(([name, value]) => html`<div><dt>${inWords(name)}</dt><dd>${optionText(value)}</dd></div>`)}</dl>` : []}
<details class="usual"><summary>All others, at their defaults</summary>${optionTable(usual, false)}</details>`,
  };
}

/** What a run was told that it would not have done by itself. */
export const changedOptions = ({ description }: Pick<RunRecord, 'description'>): ShownOption[] =>
  optionsOf(description).filter((option) => !isUsual(option));

/** Decided by the machine or the day, and said elsewhere. */
const NOT_SHOWN = new Set(['templateDate']);

/** The options that mean something in this run. */
export function optionsOf({ training, recipe, evalSplit }: RunDescription): ShownOption[] {
  const defaults = trainingOptionsSchema.parse({}) as Readonly<Record<string, unknown>>;
  const rate = peakLearningRate({ ...defaults, method: training.method } as TrainingOptions);
  const settled: Readonly<Record<string, unknown>> = {
    ...defaults,
    learningRate: rate,
    promptLossWeight: recipe.defaults?.promptLossWeight,
    maxLength: recipe.defaults?.maxLength,
    // What auto came to is no choice of anybody's.
    format: training.format,
    precision: training.precision === 'bf16' ? 'bf16' : 'f32',
  };
  const shown = Object.entries({ ...training, ...(evalSplit !== undefined && { evalSplit }) });
  return shown
    .filter(([name]) => !NOT_SHOWN.has(name) && !(training.method === 'full' && OF_ADAPTERS.test(name)))
    .map(([name, value]) => ({ name, value, usual: settled[name], description: descriptionOf(name) }));
}

const OF_ADAPTERS = /^(lora|rsLora|dora$|modulesToSave$)/;

const isUsual = ({ value, usual }: ShownOption): boolean => JSON.stringify(value) === JSON.stringify(usual);

function descriptionOf(name: string): string {
  const shape: Readonly<Record<string, { readonly description?: string | undefined }>> = trainingOptionsSchema.shape;
  return shape[name]?.description ?? (name === 'evalSplit' ? 'share of the rows that is held out' : '');
}

const optionTable = (options: readonly ShownOption[], withDefault: boolean): Html =>
  html`<table class="options"><thead><tr><th scope="col">option</th><th scope="col">value</th>${withDefault ? html`<th scope="col">default</th>` : []}<th scope="col" class="wide">what it is</th></tr></thead><tbody>${options.map(
    ({ name, value, usual, description }) =>
      html`<tr><th scope="row">${inWords(name)}<small><code>${flagOf(name)}</code></small></th><td>${optionText(value)}</td>${withDefault ? html`<td>${usual === undefined ? 'none' : optionText(usual)}</td>` : []}<td class="wide">${description}</td></tr>`,
  )}</tbody></table>`;

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const LONG = 200;

/** A catalogue of names would be longer than everything else. */
export function optionText(value: unknown): string {
  const text = Array.isArray(value)
    ? value.map(optionText).join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return text.length > LONG
    ? `${text.slice(0, LONG)}… (${text.length.toLocaleString('en')} characters; run.json has all)`
    : text;
}
