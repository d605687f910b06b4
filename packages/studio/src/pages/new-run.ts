import { type Html, html } from '@counterweight/core/report';
import type { DraftState } from '../draft/describe-draft.ts';
import { type Form, firstValueOf, optionsOf, trainingFields } from '../draft/draft.ts';
import type { ModelEntry } from '../folder/list-models.ts';
import type { RowsEntry } from '../folder/list-rows.ts';
import { columnsPart } from './columns-part.ts';
import { FIELD_WORDS } from './field-words.ts';
import { formField, options } from './form-field.ts';
import { pageOf } from './page.ts';
import { problemBox } from './problem.ts';
import { receiptPart } from './receipt-part.ts';

export interface NewRunPage {
  readonly recipes: readonly string[];
  readonly models: readonly ModelEntry[];
  readonly rows: readonly RowsEntry[];
  readonly form: Form;
  readonly state: DraftState;
  /** A file may have so many bytes, in words. */
  readonly limit: string;
}

/** The parts of the page that depend on what is filled in, by their ids. */
export const draftParts = (state: DraftState, form: Form): Readonly<Record<string, Html | readonly Html[]>> => ({
  'recipe-options': recipeOptions(state, form),
  columns: state.rows ? columnsPart(state, state.rows) : [],
  receipt: receiptPart(state),
  problem: state.problem ? problemBox(state.problem) : [],
});

const recipeOptions = ({ draft: { recipe, recipeFields } }: DraftState, form: Form): Html => {
  const prefix = optionsOf(recipe);
  return html`<div class="fields">${recipeFields.map((field) => formField(field, prefix, form[`${prefix}.${field.name}`] ?? field.initial ?? ''))}</div>`;
};

/** From rows and a model to a run: what is chosen on top is shown below at once, down to each token's weight. */
export function newRunPage(page: NewRunPage): string {
  const parts = draftParts(page.state, page.form);
  const part = (id: string) => html`<div id="${id}">${parts[id] ?? []}</div>`;
  return pageOf({
    title: 'New run',
    part: 'new',
    scripts: ['new-run'],
    lead: html`<p class="lead">Choose what the model is to learn, from which rows; see what each word counts; start.</p>`,
    body: html`<form id="new-run" autocomplete="off">
${jobSection(page, part)}
${modelSection(page)}
${rowsSection(page, part)}
${weightSection(page, part)}
${trainingSection(page.form)}
${part('problem')}
<div class="buttons"><button type="submit" class="main" name="start" value="train" disabled>Start training</button></div>
${sweepSection(page.form)}
</form>`,
  });
}

const section = (id: string, title: string, note: string, body: Html): Html =>
  html`<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="note">${note}</p>${body}</section>`;

const jobSection = ({ recipes, form }: NewRunPage, part: (id: string) => Html): Html =>
  section(
    'job',
    'The job',
    'A recipe knows a kind of job: how its rows are read, how the model is asked, and what counts as a good answer.',
    html`<div class="fields"><div class="field"><label for="recipe">recipe</label><select id="recipe" name="recipe">${options(recipes, form.recipe ?? 'plain')}</select></div></div>${part('recipe-options')}`,
  );

function modelSection({ models, form }: NewRunPage): Html {
  const chosen = form.model ?? '';
  const here = models.map(({ path, name, kind }) => [path, `${name} (${kind})`] as const);
  const isHere = models.some(({ path }) => path === chosen);
  return section(
    'model',
    'The model',
    'One that lies in the studio’s folders, or one of the hub, which is downloaded when the run starts.',
    html`<div class="fields"><div class="field"><label for="model-here">in the folders</label><select id="model-here">${options([['', models.length > 0 ? 'choose' : 'there is none'], ...here], isHere ? chosen : '')}</select></div>
<div class="field"><label for="model">${FIELD_WORDS.model}</label><input type="text" id="model" name="model" value="${chosen}" placeholder="org/name" spellcheck="false" autocomplete="off"></div></div>`,
  );
}

function rowsSection({ rows, form, limit }: NewRunPage, part: (id: string) => Html): Html {
  const choices = rows.map(({ path, name }) => [path, name] as const);
  const select = (id: string, label: string, first: string, chosen: string) =>
    html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${id}">${options([['', first], ...choices], chosen)}</select></div>`;
  return section(
    'rows',
    'The rows',
    'Examples of what is asked and what is the right answer: CSV, TSV, JSON Lines, JSON or Parquet.',
    html`<div class="drop" id="drop"><p><label for="file">Drop a file of rows here, or choose one</label> <small>${limit} at most</small></p><input type="file" id="file" accept=".jsonl,.ndjson,.json,.csv,.tsv,.parquet,.gz"><p id="upload" role="status"></p></div>
<div class="fields">${select('data', FIELD_WORDS.data, rows.length > 0 ? 'choose' : 'none yet', form.data ?? '')}${select('evalData', FIELD_WORDS.evalData, 'held out of the same file', form.evalData ?? '')}
<div class="field"><label for="evalSplit">${FIELD_WORDS.evalSplit}</label><input type="number" id="evalSplit" name="evalSplit" value="${form.evalSplit ?? '0.1'}" min="0" max="0.9" step="0.01" aria-describedby="evalSplit-about"><small id="evalSplit-about">never trained on, so that they show what was learnt; 0 for none</small></div></div>
${part('columns')}`,
  );
}

const weightSection = ({ form }: NewRunPage, part: (id: string) => Html): Html =>
  section(
    'weight',
    'What counts',
    'The answer always counts fully. How much the words of the prompt count beside it is the prompt’s weight: 0 masks them, 1 counts them as much.',
    html`<div class="weight"><div><label for="slider">${FIELD_WORDS.promptLossWeight}</label><input type="range" id="slider" min="0" max="100" step="1" value="0"></div>
<div><label for="training.promptLossWeight" class="unseen">${FIELD_WORDS.promptLossWeight} as a number</label><input type="number" id="training.promptLossWeight" name="training.promptLossWeight" min="0" step="any" value="${form['training.promptLossWeight'] ?? ''}" placeholder="recipe’s"></div></div>
${part('receipt')}`,
  );

/** Options that most people look at; the others are behind a fold. */
const MAIN = ['method', 'epochs', 'learningRate', 'batchSize', 'loraRank', 'evaluateEvery', 'maxEvalRows', 'seed'];

function trainingSection(form: Form): Html {
  const field = (one: (typeof trainingFields)[number]) =>
    formField(one, 'training', form[`training.${one.name}`] ?? firstValueOf(one));
  const asked = trainingFields.filter(({ name }) => name !== 'promptLossWeight');
  const main = MAIN.flatMap((name) => asked.filter((one) => one.name === name));
  return section(
    'training',
    'The training',
    'What is left as it is, is as the command line has it.',
    html`<div class="fields"><div class="field"><label for="name">${FIELD_WORDS.output}</label><input type="text" id="name" name="name" value="${form.name ?? ''}" placeholder="recipe, date and time" pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" maxlength="80"></div>${main.map(field)}</div>
<details><summary>All options</summary><div class="fields">${asked.filter((one) => !MAIN.includes(one.name)).map(field)}</div></details>`,
  );
}

const sweepSection = (
  form: Form,
): Html => html`<details class="sweep"><summary><h3>Or find out how much the prompt should count</h3></summary>
<p class="note">A sweep trains with several weights and seeds, compares them on rows that none has seen, and recommends a weight or says that there is none to recommend.</p>
<div class="fields"><div class="field"><label for="sweep.weights">${FIELD_WORDS.weights}</label><input type="text" id="sweep.weights" name="sweep.weights" value="${form['sweep.weights'] ?? '0, 0.01, 0.03, 0.1, 0.3, 1'}"></div>
<div class="field"><label for="sweep.seeds">${FIELD_WORDS.seeds}</label><input type="number" id="sweep.seeds" name="sweep.seeds" min="1" step="1" value="${form['sweep.seeds'] ?? '6'}" aria-describedby="seeds-about"><small id="seeds-about">fewer than 6 cannot tell a difference from chance</small></div></div>
<div class="buttons"><button type="submit" name="start" value="sweep" disabled>Start the sweep</button></div></details>`;
