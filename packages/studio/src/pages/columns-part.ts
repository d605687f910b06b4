import { formatCount, type Html, html } from '@counterweight/core/report';
import type { DraftState, FirstRows } from '../draft/describe-draft.ts';
import { options } from './form-field.ts';

/** Texts of a cell are shown as far as this. */
const SHOWN_LETTERS = 240;

/** Which column is which field, the first rows, and rows that do not fit. */
export function columnsPart({ recipe, preview }: DraftState, rows: FirstRows): Html {
  const { rowFields = [], answerField = '' } = recipe ?? {};
  return html`<input type="hidden" name="mappedFor" value="${rows.mappedFor}">
${rowFields.length === 0 ? [] : mapping(rowFields, answerField, rows)}
${firstRows(rows)}
${preview ? invalidRows(preview.receipt.dropped) : []}`;
}

const mapping = (fields: readonly string[], answerField: string, { columns, map }: FirstRows): Html =>
  html`<h3>Columns</h3><p class="note">What the recipe calls them, and what your file does.</p><div class="fields">${fields.map(
    (field) => {
      const id = `map.${field}`;
      const what = field === answerField ? html` <small>the answer</small>` : [];
      return html`<div class="field"><label for="${id}">${field}${what}</label><select id="${id}" name="${id}">${options([['', 'not in the file'], ...columns], map[field] ?? '')}</select></div>`;
    },
  )}</div>`;

function firstRows({ columns, values, map }: FirstRows): Html {
  const fieldOf = (column: string) => Object.entries(map).find(([, own]) => own === column)?.[0];
  return html`<h3>The first rows</h3><div class="scroll" tabindex="0" role="group" aria-label="The first rows of the file"><table class="rows-shown"><thead><tr>${columns.map(
    (column) => {
      const field = fieldOf(column);
      return html`<th scope="col">${column}${field === undefined || field === column ? [] : html` <small>as ${field}</small>`}</th>`;
    },
  )}</tr></thead><tbody>${values.map(
    (value) => html`<tr>${columns.map((column) => html`<td><bdi>${cell(value[column])}</bdi></td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)} …` : text;
}

/** So many are named. */
const NAMED = 8;

function invalidRows(dropped: NonNullable<DraftState['preview']>['receipt']['dropped']): Html | [] {
  const invalid = dropped.filter(({ reason }) => reason === 'invalid');
  if (invalid.length === 0) return [];
  const shown = invalid.slice(0, NAMED);
  const more = invalid.length - shown.length;
  return html`<h3>Rows that do not fit <small>${formatCount(invalid.length)}</small></h3><p class="note">They are left out of the training.</p><ul class="problems">${shown.map(
    ({ line, row = line, problem }) => html`<li>row ${formatCount(row)}: ${problem ?? ''}</li>`,
  )}${more > 0 ? html`<li>and ${formatCount(more)} more</li>` : []}</ul>`;
}
