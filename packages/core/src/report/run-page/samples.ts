import type { PredictionRecord } from '../../evaluation/predictions.ts';
import { predictionsFile } from '../../evaluation/predictions.ts';
import type { Section } from '../document.ts';
import { measurementsOf, whenOf } from '../evidence/measurements.ts';
import { metricsOfRun } from '../evidence/metrics-of-run.ts';
import { type ComparedSamples, compareSamples, type Sample } from '../evidence/samples.ts';
import { formatCount, formatCounted, formatMetric } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RunRecord } from '../run-record.ts';
import { inWords, said } from '../text.ts';

/** Samples of a kind that are shown; the others are in the run folder. */
const SHOWN = 3;

/** What the model wrote for held-out rows, before and after, beside the right answers. */
export function samplesSection(record: RunRecord): Section | null {
  const { before, after } = measurementsOf(record);
  if (!after || after.predictions.length === 0) return null;
  const compared = compareSamples(metricsOfRun(record), { before, after });
  const { metric, better, worse, others } = compared;
  const by = metric ? inWords(metric.name) : 'whether they equal the right answer';
  const counts =
    before && before.predictions.length > 0 ? ` ${countsOf(compared)}, by ${by}.` : ` The worst first, by ${by}.`;
  const when = before && before.predictions.length > 0 ? whenOf(before) : undefined;
  const group = (title: string, samples: readonly Sample[]) =>
    samples.length === 0
      ? []
      : html`<details class="samples" open><summary><h3>${title} <small>${shownOf(samples.length)}</small></h3></summary>${samples.slice(0, SHOWN).map((sample) => card(sample, compared, when))}</details>`;
  return {
    id: 'samples',
    title: 'Samples',
    note: html`What the model wrote for rows that it was not trained on.${counts} All of them are in <code>${predictionsFile(after.step)}</code> in the run folder.`,
    body: html`${group('Better', better)}${group('Worse', worse)}${group(when ? 'As before' : 'Answers', others)}`,
  };
}

const shownOf = (count: number): string =>
  count > SHOWN ? `${SHOWN} of ${formatCounted(count, 'row')}` : formatCounted(count, 'row');

const countsOf = ({ better, worse, others }: ComparedSamples): string =>
  `${formatCounted(better.length, 'row')} ${better.length === 1 ? 'is' : 'are'} answered better than before, ${formatCount(worse.length)} worse, ${formatCount(others.length)} as well`;

function card(
  { before, after, score, scoreBefore }: Sample,
  { metric }: ComparedSamples,
  when: string | undefined,
): Html {
  const label = metric ? inWords(metric.name) : 'equal';
  const scored = (value: number | null): Html | [] =>
    value === null ? [] : html` <small>${label} ${formatMetric(value)}</small>`;
  return html`<article class="sample">
<h4>Row ${formatCount(after.row)}</h4>
<div class="prompt-text"><p class="label">prompt</p><p>${said(after.prompt)}</p></div>
<div class="answers">
<div><p class="label">right answer</p><p>${after.reference === '' ? html`<span class="nothing">the row has none</span>` : said(after.reference)}</p></div>
${before && when !== undefined ? output(when, before, scored(scoreBefore)) : []}
${output(when === undefined ? 'answer' : 'after', after, scored(score))}
</div>
</article>`;
}

function output(when: string, { output, reference, cut, labels }: PredictionRecord, scored: Html | []): Html {
  const isRight =
    reference !== '' && (labels ? labels.output === labels.reference : output.trim() === reference.trim());
  return html`<div class="${isRight ? 'right' : ''}"><p class="label">${when}${scored}${isRight ? html` <small>✓ right</small>` : []}</p><p>${said(output)}${cut ? html` <span class="nothing">cut at the limit</span>` : []}</p></div>`;
}
