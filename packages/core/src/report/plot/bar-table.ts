import { type Html, html } from '../html.ts';
import { percent, rangeOf, SIDE } from './scale.ts';

/** A table whose numbers are drawn as bars from 0. Values are 0 or more. */
export function barTable({
  caption,
  header,
  lines,
  format,
}: {
  readonly caption: string;
  readonly header: readonly [name: string, value: string];
  readonly lines: readonly { readonly name: string; readonly value: number; readonly look?: string }[];
  readonly format: (value: number) => string;
}): Html {
  const high = rangeOf([0, ...lines.map(({ value }) => value)]).high || 1;
  return html`<table class="bars"><caption class="unseen">${caption}</caption><thead><tr><th scope="col">${header[0]}</th><th scope="col" class="number">${header[1]}</th><td></td></tr></thead><tbody>${lines.map(
    ({ name, value, look = '' }) =>
      html`<tr class="${look}"><th scope="row">${name}</th><td class="number">${format(value)}</td><td class="track"><svg aria-hidden="true" height="10" width="100%"><rect width="${percent((SIDE * value) / high)}" height="10" rx="2"/></svg></td></tr>`,
  )}</tbody></table>`;
}
