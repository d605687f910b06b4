import type { SweepProgress } from '@counterweight/core';
import { formatDuration, formatLoss, formatShort, type Html, html, sectionMarkup } from '@counterweight/core/report';
import type { RunView } from '../folder/describe-runs.ts';
import { inFormWords } from './field-words.ts';
import { addressOf, livePart, pageOf } from './page.ts';
import { beforeItBegins } from './run.ts';
import { jobButtons, stateLabel } from './run-list.ts';

export interface SweepPage {
  readonly view: RunView;
  /** Undefined before it is planned. */
  readonly sweep: SweepProgress | undefined;
}

export function sweepPage(page: SweepPage): string {
  const { view } = page;
  const part = { on: view.job?.id ?? '*', everyMs: 2000 };
  return pageOf({
    title: view.what || view.name,
    part: 'runs',
    body: livePart({ ...part, address: addressOf('/sweep/state', { path: view.name }), content: sweepState(page) }),
  });
}

/** How far it is, trial by trial. */
export function sweepState({ view, sweep }: SweepPage): Html {
  const { job, status, name, outcome } = view;
  const isDone = sweep !== undefined && sweep.open.length === 0 && sweep.done.length > 0;
  return html`<p class="lead"><bdi>${name}</bdi> · ${stateLabel(status)}${outcome === '' ? [] : ` · ${outcome}`}</p>
${job?.error && status === 'failed' ? html`<p class="status said" role="alert">${inFormWords(job.error.message)}</p>` : []}
${sweep ? progressBar(sweep) : []}
<div class="buttons">${job ? jobButtons(job) : []}${isDone ? html`<a class="button" href="${addressOf('/report', { path: name })}">What came out</a>` : []}</div>
${sweep ? trials(sweep) : beforeItBegins(view, 'It is being planned: rows are read and held out.')}`;
}

function progressBar({ done, failed, open }: SweepProgress): Html {
  const all = done.length + failed.length + open.length;
  return html`<progress max="${all}" value="${done.length + failed.length}" aria-label="trials"></progress>`;
}

function trials({ done, failed, open }: SweepProgress): Html {
  const line = ({ settings, seed, stage }: SweepProgress['open'][number], state: string, cells: readonly string[]) =>
    html`<tr><th scope="row">${Object.entries(settings)
      .map(
        ([name, value]) =>
          `${name === 'promptLossWeight' ? 'weight' : name} ${typeof value === 'number' ? formatShort(value) : value}`,
      )
      .join(
        ', ',
      )}, seed ${seed}${stage === 'compare' ? '' : ' (tuning)'}</th><td>${state}</td>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`;
  return sectionMarkup({
    id: 'trials',
    title: 'Trials',
    note: 'Each weight with each seed; what is compared is measured on rows that no trial has seen.',
    body: html`<div class="scroll" tabindex="0" role="group" aria-label="Trials of the sweep"><table><thead><tr><th scope="col">trial</th><th scope="col">state</th><th scope="col" class="number">completion loss, rows that choose</th><th scope="col" class="number">took</th></tr></thead><tbody>
${done.map(({ trial, validation, seconds }) => line(trial, 'done', [formatLoss(validation.completionLoss), formatDuration(seconds)]))}
${failed.map(({ trial, message }) => line(trial, `failed: ${message}`, ['–', '–']))}
${open.map((trial) => line(trial, 'to come', ['–', '–']))}
</tbody></table></div>`,
  });
}
