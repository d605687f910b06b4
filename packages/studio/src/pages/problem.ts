import type { UserError } from '@counterweight/core';
import { type Html, html } from '@counterweight/core/report';

/** What is wrong, where, and how to mend it. */
export const problemBox = ({ problem, where, fix }: UserError): Html =>
  html`<div class="status" role="alert"><p class="problem"><b>${problem}</b></p>${where === undefined ? [] : html`<p class="said"><small>${where}</small></p>`}<p class="said">${fix}</p></div>`;
