import type { UserError } from '@counterweight/core';
import { type Html, html } from '@counterweight/core/report';
import { inFormWords } from './field-words.ts';

/** What is wrong, where, and how to mend it, in the words of the page. */
export const problemBox = ({ problem, where, fix }: UserError): Html =>
  html`<div class="status" role="alert"><p class="problem"><b>${inFormWords(problem)}</b></p>${where === undefined ? [] : html`<p class="said"><small>${inFormWords(where)}</small></p>`}<p class="said">${inFormWords(fix)}</p></div>`;
