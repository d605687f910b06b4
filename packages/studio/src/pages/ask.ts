import type { UserError } from '@counterweight/core';
import { type Html, html } from '@counterweight/core/report';
import { formField, options } from './form-field.ts';
import { pageOf } from './page.ts';
import { problemBox } from './problem.ts';

/** Somebody who can be asked. */
export interface Askable {
  /** What the form says. */
  readonly value: string;
  readonly name: string;
}

export interface AskPage {
  readonly askables: readonly Askable[];
  readonly left: string;
  readonly right: string;
  /** What the question is made of: fields of the recipe's rows, without the answer. */
  readonly fields: readonly string[];
  /** Whose way of asking it is. */
  readonly recipe: string;
  /** Why those who were chosen cannot be asked. */
  readonly problem?: UserError;
}

/** The same question to two models, and their answers beside each other while they are written. */
export function askPage({ askables, left, right, fields, recipe, problem }: AskPage): string {
  const choice = (side: 'left' | 'right', chosen: string) =>
    html`<div class="field"><label for="${side}">${side === 'left' ? 'one' : 'the other'}</label><select id="${side}" name="${side}" data-reload>${options([['', 'nobody'], ...askables.map(({ value, name }) => [value, name] as const)], chosen)}</select></div>`;
  const body =
    askables.length === 0
      ? html`<p class="note">There is nobody to ask yet: put a model into the studio’s folder, or train one.</p>`
      : html`<form id="ask"><section aria-labelledby="whom"><h2 id="whom">Whom</h2><div class="fields">${choice('left', left)}${choice('right', right)}</div></section>
${
  problem
    ? problemBox(problem)
    : html`<section aria-labelledby="what"><h2 id="what">What</h2><p class="note">Asked as the recipe “${recipe}” asks.</p><div class="fields">${fields.map(question)}</div>
<details><summary>How</summary><div class="fields">${formField({ name: 'maxNewTokens', kind: 'number', description: 'tokens at most; as the recipe says where it is empty', isRequired: false, minimum: 1 }, 'how', '')}${formField({ name: 'temperature', kind: 'number', description: '0 takes the likeliest word every time', isRequired: false, minimum: 0 }, 'how', '')}</div></details>
<div class="buttons"><button type="submit" class="main">Ask</button></div></section>`
}</form>
<div class="asked" id="answers" aria-live="polite"></div>`;
  return pageOf({
    title: 'Ask',
    part: 'ask',
    scripts: ['ask'],
    lead: html`<p class="lead">The same question to two models.</p>`,
    body,
  });
}

const question = (field: string): Html =>
  html`<div class="field wide"><label for="row.${field}">${field}</label><textarea id="row.${field}" name="row.${field}"></textarea></div>`;
