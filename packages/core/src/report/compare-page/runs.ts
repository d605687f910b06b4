import type { Section } from '../document.ts';
import { measurementsOf } from '../evidence/measurements.ts';
import { formatCount, formatDate, formatDuration, formatLoss } from '../format.ts';
import { type Html, html } from '../html.ts';
import { secondsOf } from '../run-page/lead.ts';
import { named } from '../text.ts';
import type { NamedRun } from './names.ts';

/** Which runs they are, each with its colour. */
export const runsSection = (runs: readonly NamedRun[]): Section => ({
  id: 'runs',
  title: 'Runs',
  body: html`<div class="scroll" tabindex="0" role="group" aria-label="Table of runs"><table><thead><tr><th scope="col">run</th><th scope="col" class="number">steps</th><th scope="col" class="number">completion loss</th><th scope="col" class="number">took</th><th scope="col">began</th></tr></thead><tbody>${runs.map(line)}</tbody></table></div>`,
});

function line({ name, look, record }: NamedRun): Html {
  const { steps, result, description, history } = record;
  const done = steps.at(-1)?.step ?? 0;
  const { after } = measurementsOf(record);
  const began = history[0];
  const unfinished = result
    ? []
    : html`<small class="unfinished">not finished: of ${formatCount(description.steps)}</small>`;
  return html`<tr><th scope="row"><span class="key ${look}"><i></i>${named(name)}</span></th><td class="number">${formatCount(done)}${unfinished}</td><td class="number">${formatLoss(after?.evaluation.completionLoss)}</td><td class="number">${formatDuration(secondsOf(record))}</td><td>${began ? formatDate(began.time) : '–'}</td></tr>`;
}
