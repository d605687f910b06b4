import { measurementsOf } from '../evidence/measurements.ts';
import { differenceOf } from '../evidence/metric-evidence.ts';
import { headlinesOf } from '../evidence/metrics-of-run.ts';
import { verdictOf } from '../evidence/verdict.ts';
import { formatCount, formatCounted, formatDate, formatDuration, formatMetric } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RunRecord } from '../run-record.ts';
import { capitalised, inWords } from '../text.ts';

/** The last part of a path, of either kind of system. */
const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

export const modelName = ({ description: { model } }: Pick<RunRecord, 'description'>): string =>
  model.hub?.id ?? baseName(model.folder);

export const titleOf = (record: Pick<RunRecord, 'description'>): string =>
  `${record.description.recipe.name} on ${modelName(record)}`;

/** What the run was, whether it came to its end, and what came of it in a sentence. */
export const leadOf = (record: RunRecord): Html => html`<p class="lead">${factsOf(record).join(' · ')}</p>
${unfinished(record)}
${verdictSentence(record)}`;

function factsOf(record: RunRecord): string[] {
  const { training, receipt } = record.description;
  const began = record.history.find(({ what }) => what === 'began');
  const seconds = secondsOf(record);
  return [
    training.method === 'lora' ? `LoRA, rank ${String(training.loraRank)}` : 'full fine-tuning',
    training.promptLossFraction === undefined
      ? `prompt loss weight ${String(training.promptLossWeight)}`
      : `prompt loss fraction ${String(training.promptLossFraction)}`,
    formatCounted(receipt.kept, 'row'),
    formatCounted(record.steps.at(-1)?.step ?? 0, 'step'),
    ...(began ? [formatDate(began.time)] : []),
    ...(seconds > 0 ? [formatDuration(seconds)] : []),
  ];
}

/** From the beginning to the end where one sitting did all of it; else the time of its steps. */
export function secondsOf({ history, steps }: RunRecord): number {
  const [began, ended] = [history[0], history.at(-1)];
  const whole = history.length === 2 && began?.what === 'began' && ended?.what === 'ended';
  if (whole) return (Date.parse(ended.time) - Date.parse(began.time)) / 1000;
  return steps.reduce((sum, { stepSeconds }) => sum + stepSeconds, 0);
}

function unfinished({ description, steps, result }: RunRecord): Html | [] {
  if (result) return [];
  const done = steps.at(-1)?.step ?? 0;
  const how =
    done === 0 ? 'No step was made' : `It stopped after step ${formatCount(done)} of ${formatCount(description.steps)}`;
  return html`<p class="status"><b>Not finished.</b> ${how}, and there is no result. What follows is how far it came.</p>`;
}

/** What a reader would tell others. */
function verdictSentence(record: RunRecord): Html | [] {
  const { before, after } = measurementsOf(record);
  const [headline] = headlinesOf(record);
  const value = headline && after?.evaluation.metrics[headline.name];
  if (!headline || !after || value === undefined) return [];
  const difference = before ? differenceOf(headline.name, before, after) : null;
  const was = before?.evaluation.metrics[headline.name];
  const name = capitalised(inWords(headline.name));
  const verdict = verdictOf(headline, difference);
  const number = html`<b class="${verdict}">${formatMetric(value)}</b>`;
  const rows = `on ${formatCounted(after.evaluation.rows, 'held-out row')}`;
  const came =
    was === undefined || was === value
      ? html`${name} ${was === undefined ? 'is' : 'stayed at'} ${number} ${rows}.`
      : html`${name} ${value > was ? 'rose' : 'fell'} from ${formatMetric(was)} to ${number} ${rows}.`;
  const more = [...(difference && was !== value ? [MEANINGS[verdict]] : []), ...baselineInWords(record, headline.name)];
  return html`<p class="verdict">${came}${more.map((sentence) => html` <span>${sentence}</span>`)}</p>`;
}

const MEANINGS = {
  better: 'Better, by more than the choice of rows explains.',
  worse: 'Worse, by more than the choice of rows explains.',
  changed: 'More than the choice of rows explains.',
  open: 'With so few rows that may be chance.',
} as const;

/** What needs no model. */
function baselineInWords({ description: { baseline } }: RunRecord, metric: string): string[] {
  const value = baseline?.metrics[metric];
  return baseline && value !== undefined ? [`${capitalised(baseline.name)} has ${formatMetric(value)}.`] : [];
}
