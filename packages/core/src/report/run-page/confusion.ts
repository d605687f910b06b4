import type { Section } from '../document.ts';
import { type Confusion, confusionOf } from '../evidence/confusion.ts';
import { measurementsOf } from '../evidence/measurements.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RunRecord } from '../run-record.ts';
import { named } from '../text.ts';

const MISTAKES = 8;
/** Characters of a label that stand above its column. */
const COLUMN = 24;

/** Which labels are taken for which, where the answers are labels. */
export function confusionSection(record: RunRecord): Section | null {
  const { after } = measurementsOf(record);
  const confusion = after ? confusionOf(after.predictions) : null;
  if (!confusion) return null;
  const { others, labels, mistakes } = confusion;
  const which = others ? ` The ${labels.length} labels with most mistakes; the rest are one.` : '';
  return {
    id: 'labels',
    title: 'Labels',
    note: `Rows of a label, by what they were answered with. On the diagonal the answer is right.${which}`,
    body: html`${mistakes.length > 0 ? mistakeTable(confusion) : []}${matrix(confusion)}`,
  };
}

const mistakeTable = ({ mistakes }: Confusion): Html => html`<h3>Most frequent mistakes</h3>
<table class="mistakes"><thead><tr><th scope="col">right</th><th scope="col">answered</th><th scope="col" class="number">rows</th></tr></thead><tbody>${mistakes
  .slice(0, MISTAKES)
  .map(
    ({ reference, output, count, of }) =>
      html`<tr><td>${named(reference)}</td><td>${output === '' ? html`<span class="nothing">nothing</span>` : named(clip(output))}</td><td class="number">${formatCount(count)} <small>of ${formatCount(of)}</small></td></tr>`,
  )}</tbody></table>`;

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** A table whose cells are shaded by the share of their row. */
function matrix({ labels, others, counts }: Confusion): Html {
  const names = [...labels, ...(others ? ['other labels'] : [])];
  const columns = [...names, 'no label'];
  // What is right and what is wrong among all other labels is not told apart here.
  const classOf = (i: number, j: number) => (i !== j ? 'wrong' : i < labels.length ? 'right' : 'mixed');
  return html`<details class="matrix-of"${names.length <= 12 && !others ? html` open` : []}><summary>Matrix</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Table of labels by answers"><table class="matrix"><thead><tr><td></td>${columns.map(
    (name) =>
      html`<th scope="col"><span title="${name}"><bdi>${name.length > COLUMN ? `${name.slice(0, COLUMN)}…` : name}</bdi></span></th>`,
  )}</tr></thead><tbody>${names.map((name, i) => {
    const row = counts[i] as readonly number[];
    const sum = row.reduce((total, one) => total + one, 0);
    return html`<tr><th scope="row"><bdi>${name}</bdi></th>${row.map((one, j) => {
      const share = sum === 0 ? 0 : Math.round((100 * one) / sum);
      return html`<td class="${classOf(i, j)}" style="--share:${share}%">${one === 0 ? html`<span class="none">·</span>` : formatCount(one)}</td>`;
    })}</tr>`;
  })}</tbody></table></div></details>`;
}
