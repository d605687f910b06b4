import { type Html, html, inWords } from '@counterweight/core/report';
import type { Field } from '../draft/schema-fields.ts';

/** An option as a form asks for it. @param prefix of the field's name: `training` */
export function formField(field: Field, prefix: string, value: string): Html {
  const { name, description } = field;
  const id = `${prefix}.${name}`;
  const label = inWords(name);
  const about = description === '' ? [] : html`<small id="${id}-about">${description}</small>`;
  const described = description === '' ? [] : html` aria-describedby="${id}-about"`;
  if (field.kind === 'switch') {
    return html`<div class="field"><label for="${id}"><input type="checkbox" id="${id}" name="${id}" value="true"${value === 'true' ? html` checked` : []}${described}>${label}</label>${about}</div>`;
  }
  return html`<div class="field"><label for="${id}">${label}</label>${inputOf(field, id, value, described)}${about}</div>`;
}

function inputOf(
  { kind, choices = [], isRequired, initial, minimum, maximum }: Field,
  id: string,
  value: string,
  described: Html | readonly Html[],
): Html {
  const required = isRequired ? html` required` : [];
  if (kind === 'choice') {
    const none = initial === undefined && !isRequired ? [html`<option value="">as usual</option>`] : [];
    return html`<select id="${id}" name="${id}"${required}${described}>${none}${options(choices, value)}</select>`;
  }
  if (kind === 'number') {
    const bounds = [
      ...(minimum === undefined ? [] : [html` min="${minimum}"`]),
      ...(maximum === undefined || maximum > 1e9 ? [] : [html` max="${maximum}"`]),
    ];
    return html`<input type="number" step="any" inputmode="decimal" id="${id}" name="${id}" value="${value}" placeholder="as usual"${bounds}${required}${described}>`;
  }
  const hint = kind === 'list' ? 'one, two, three' : 'as usual';
  return html`<input type="text" id="${id}" name="${id}" value="${value}" placeholder="${hint}"${required}${described} autocomplete="off" spellcheck="false">`;
}

/** Choices of a select; a pair is a value and its words. */
export const options = (
  choices: readonly (string | readonly [value: string, words: string])[],
  chosen: string,
): Html[] =>
  choices.map((choice) => {
    const [value, words] = typeof choice === 'string' ? [choice, choice] : choice;
    return html`<option value="${value}"${value === chosen ? html` selected` : []}>${words}</option>`;
  });
