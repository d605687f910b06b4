import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatLoss,
  type Html,
  html,
} from '@counterweight/core/report';
import type { RunView } from '../folder/describe-runs.ts';
import type { JobState } from '../jobs/job.ts';
import { actionButton, addressOf, livePart, pageOf } from './page.ts';

/** Where a run's own page is. */
export const runAddress = ({ kind, name }: Pick<RunView, 'kind' | 'name'>): string =>
  addressOf(`/${kind}`, { path: name });

export const homePage = (runs: readonly RunView[]): string =>
  pageOf({
    title: 'Runs',
    part: 'runs',
    lead: html`<div class="buttons"><a class="button main" href="/new">New run</a></div>`,
    body: livePart({ address: '/runs', on: '*', everyMs: 1000, content: runList(runs) }),
  });

/** Every run with how far it is; those that have something to compare can be chosen. */
export function runList(runs: readonly RunView[]): Html {
  if (runs.length === 0) {
    return html`<p class="note">There is no run here yet. A run takes rows, a model and a recipe; the first one takes a minute.</p>`;
  }
  const comparable = runs.filter(isComparable).length > 1;
  return html`<form action="/compare" method="get" data-keep="compare"><ul class="runs">${runs.map((run) => card(run, comparable))}</ul>
${comparable ? html`<div class="buttons"><button type="submit">Compare the chosen ones</button></div>` : []}</form>`;
}

const isComparable = ({ kind, outcome, status }: RunView) => kind === 'run' && (status === 'done' || outcome !== '');

function card(run: RunView, comparable: boolean): Html {
  const { name, status, what, outcome, began, job } = run;
  const buttons = job ? jobButtons(job) : [];
  return html`<li class="run-card"><div class="row"><h2><a href="${runAddress(run)}"><bdi>${name}</bdi></a></h2>${stateLabel(status)}${movingMark(run)}</div>
<p>${[what, outcome, formatDate(new Date(began).toISOString())].filter(Boolean).join(' · ')}</p>${job ? progressOf(job) : []}
${comparable && isComparable(run) ? html`<p><label><input type="checkbox" name="run" value="${name}">compare</label></p>` : []}${buttons.length > 0 ? html`<div class="buttons">${buttons}</div>` : []}</li>`;
}

/** Of what goes on without a job of ours, nobody tells the page: it asks again by itself while this is in it. */
export const movingMark = ({ status, job }: Pick<RunView, 'status' | 'job'>): Html | [] =>
  status === 'running' && !job ? html`<i data-moving hidden></i>` : [];

export const stateLabel = (status: RunView['status']): Html =>
  html`<span class="state ${status}">${STATES[status]}</span>`;

const STATES: Readonly<Record<RunView['status'], string>> = {
  queued: 'waits for its turn',
  running: 'running',
  pausing: 'pausing, saving what is trained',
  stopping: 'stopping, saving what is trained',
  paused: 'paused',
  stopped: 'stopped',
  interrupted: 'interrupted',
  failed: 'failed',
  removed: 'removed',
  done: 'done',
  unfinished: 'not finished',
};

/** How far a job is, how long it may take and what it takes. */
export function progressOf({ status, progress }: JobState): Html | [] {
  if (!progress || status === 'done' || status === 'failed') return [];
  const { step, steps, completionLoss, tokensPerSecond, residentBytes, secondsLeft, evaluating } = progress;
  const goes = status === 'running';
  const words = [
    `step ${formatCount(step)} of ${formatCount(steps)}`,
    `completion loss ${formatLoss(completionLoss)}`,
    ...(evaluating
      ? [`evaluating ${evaluating.part} ${formatCount(evaluating.done)} of ${formatCount(evaluating.of)}`]
      : []),
    ...(goes
      ? [
          `${formatDuration(secondsLeft)} left`,
          `${formatCount(tokensPerSecond)} tokens/s`,
          `${formatBytes(residentBytes)} of memory`,
        ]
      : []),
  ];
  return html`<progress max="${steps}" value="${step}" aria-label="steps">${step} of ${steps}</progress><p>${words.join(' · ')}</p>`;
}

/** What can be done with a job in its state. */
export function jobButtons({ id, status }: JobState): Html[] {
  const button = (words: string, what: string) => actionButton(words, `/jobs/${what}`, { id });
  if (status === 'running') return [button('Pause', 'pause'), button('Stop', 'stop')];
  if (status === 'queued') return [button('Take out of the queue', 'stop')];
  const resumable = ['paused', 'stopped', 'interrupted', 'failed'].includes(status);
  return resumable
    ? [button(status === 'failed' ? 'Try again' : 'Resume', 'resume'), button('Remove from the list', 'remove')]
    : [];
}
