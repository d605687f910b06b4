import { exportFormats } from '@counterweight/core';
import {
  formatCount,
  type Html,
  html,
  leadOf,
  type RunRecord,
  runSections,
  sectionMarkup,
  titleOf,
} from '@counterweight/core/report';
import type { RunView } from '../folder/describe-runs.ts';
import type { JobState } from '../jobs/job.ts';
import { inFormWords } from './field-words.ts';
import { actionButton, addressOf, livePart, pageOf } from './page.ts';
import { jobButtons, movingMark, progressOf, stateLabel } from './run-list.ts';

export interface RunPage {
  readonly view: RunView;
  /** What its folder tells; undefined before there is one. */
  readonly record: RunRecord | undefined;
  /** Exports of this run. */
  readonly exports: readonly ExportView[];
}

export interface ExportView {
  readonly job: JobState;
  /** Where it is written, as the reader knows it. */
  readonly place: string;
}

/** A run while it goes on and after it: how far it is, what it shows, what can be done with it. */
export function runPage(page: RunPage): string {
  const { view, record } = page;
  const path = view.name;
  const on = view.job?.id ?? '*';
  return pageOf({
    title: record ? titleOf(record) : path,
    part: 'runs',
    lead: livePart({ address: addressOf('/run/state', { path }), on, everyMs: 700, content: runState(page) }),
    body: [
      livePart({ address: addressOf('/run/record', { path }), on, everyMs: 4000, content: runRecord(page) }),
      livePart({ address: addressOf('/run/exports', { path }), on: '*', everyMs: 1000, content: runExports(page) }),
    ],
  });
}

export function runState({ view, record }: Pick<RunPage, 'view' | 'record'>): Html {
  const { job, status, name } = view;
  return html`<p class="lead"><bdi>${name}</bdi> · ${stateLabel(status)}</p>
${movingMark(view)}${job ? progressOf(job) : []}${status === 'running' && !job ? html`<p class="note">It was started outside the studio, and is stopped there.</p>` : []}
${job?.error && status === 'failed' ? html`<p class="status said" role="alert">${inFormWords(job.error.message)}</p>` : []}
<div class="buttons">${job ? jobButtons(job) : []}${record ? html`<a class="button" href="${addressOf('/report', { path: name })}">Report</a>` : []}${
    record?.result ? html`<a class="button" href="${addressOf('/ask', { right: `run:${name}` })}">Ask it</a>` : []
  }</div>`;
}

/** While it runs, what moves; when it is done, what came of it. */
const WHILE_RUNNING = ['curves', 'samples'];
const AFTERWARDS = ['outcome', 'samples', 'confusion', 'curves', 'forgetting'];

export function runRecord({ view, record }: Pick<RunPage, 'view' | 'record'>): Html {
  if (!record) return beforeItBegins(view, 'Rows are being read. Curves begin with the first step.');
  const sections = runSections(record);
  const wanted = record.result ? AFTERWARDS : WHILE_RUNNING;
  const shown = wanted.flatMap((id) => sections.filter((section) => section.id === id));
  return html`${record.result ? leadOf(record) : []}${shown.map(sectionMarkup)}${stepsLeftOut(record)}${movingMark(view)}`;
}

/** Of a long run not every step is read for a page that may be drawn anew in a moment. */
function stepsLeftOut({ steps }: RunRecord): Html | [] {
  const last = steps.at(-1)?.step ?? 0;
  if (last <= steps.length) return [];
  return html`<p class="note">The curves are of one step in ${formatCount(Math.round(last / steps.length))}; the report has all of them.</p>`;
}

/** What stands where nothing is to be seen yet. */
export function beforeItBegins({ status }: Pick<RunView, 'status'>, whileItBegins: string): Html {
  const words: Partial<Record<RunView['status'], string>> = {
    running: whileItBegins,
    queued: 'It begins when its turn comes.',
  };
  return html`<p class="note">${words[status] ?? 'It has not begun: there is nothing to show.'}</p>`;
}

const WORDS: Readonly<Record<(typeof exportFormats)[number], string>> = {
  peft: 'Adapter, for PEFT and vLLM',
  merged: 'Whole model, for transformers',
  onnx: 'ONNX, for Transformers.js',
  gguf: 'GGUF, for llama.cpp and Ollama',
  'gguf-adapter': 'Adapter as GGUF',
};

export function runExports({ view, record, exports }: RunPage): Html {
  if (!record?.result) return html``;
  const isLora = record.description.training.method === 'lora';
  const formats = exportFormats.filter((format) => isLora || !['peft', 'gguf-adapter'].includes(format));
  return sectionMarkup({
    id: 'export',
    title: 'Export',
    note: 'What was trained in a form that other tools load. The name of the folder stands below when it is there.',
    body: html`<div class="buttons">${formats.map((to) => actionButton(WORDS[to], '/export', { path: view.name, to }))}</div>
${exports.length === 0 ? [] : html`<ul class="runs">${exports.map(({ job, place }) => html`<li class="run-card"><div class="row"><h3><bdi>${place}</bdi></h3>${stateLabel(job.status)}</div>${job.error ? html`<p class="said">${inFormWords(job.error.message)}</p>` : []}</li>`)}</ul>`}`,
  });
}
