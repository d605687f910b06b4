import type { DuplicateCounts } from '../rows/duplicates/duplicate-counts.ts';
import type { RunDescription } from '../run/describe-run.ts';
import type { DroppedRow } from '../tokenization/receipt.ts';
import { fact, formatCount, formatNumber, formatShare } from './format.ts';
import { type Html, html } from './html.ts';

/** What the model was shown: the receipt from before the first step. */
export function dataSection({ receipt, training }: RunDescription): Html {
  const {
    rows,
    kept,
    cut,
    cutTokens,
    cutAnswers = 0,
    dropped,
    evaluationDropped = [],
    promptTokens,
    completionTokens,
    generationRatio,
    lengths,
    tallies = {},
    unused = {},
    duplicates,
  } = receipt;
  // With a fraction, the prompt's weight is set anew in every step, so that this is its share.
  const share =
    typeof training.promptLossFraction === 'number' ? training.promptLossFraction : receipt.promptWeightShare;
  return html`<section>
<h2>Data</h2>
<div class="balances">
${balance('of the tokens', promptTokens / (promptTokens + completionTokens), 'completion')}
${balance('of the weight in the loss', share, training.templateLossWeight ? 'completion and template' : 'completion')}
</div>
<dl class="facts">
${fact('rows', formatCount(rows))}
${fact('kept', formatCount(kept))}
${fact('cut to length', formatCount(cut), cut > 0 ? `${formatCount(cutTokens)} tokens` : undefined)}
${cutAnswers > 0 ? fact('answers cut', formatCount(cutAnswers), 'without an end to learn') : []}
${fact('dropped', formatCount(dropped.length))}
${evaluationDropped.length > 0 ? fact('not evaluated on', formatCount(evaluationDropped.length)) : []}
${duplicates ? duplicateFacts(duplicates) : []}
${fact('prompt tokens', formatCount(promptTokens))}
${fact('completion tokens', formatCount(completionTokens))}
${fact(html`R<sub>g</sub>`, generationRatio === null ? '–' : formatNumber(generationRatio), 'completion ÷ prompt tokens')}
${fact('tokens a row', formatCount(lengths.median), 'median')}
${fact('90th percentile', formatCount(lengths.p90))}
${fact('99th percentile', formatCount(lengths.p99))}
${fact('longest', formatCount(lengths.longest))}
${Object.entries(tallies).map(([what, count]) => fact(what, formatCount(count)))}
${Object.entries(unused).map(([name, count]) => fact(html`not used: ${name}`, formatCount(count), 'rows say it'))}
</dl>
${droppedTable('dropped because', dropped)}
${droppedTable('not evaluated on because', evaluationDropped)}
</section>`;
}

/** Nothing where every row is one of its kind. */
function duplicateFacts({ exact, near = 0, inEvaluation }: DuplicateCounts): Html[] {
  const evaluated = inEvaluation.exact + (inEvaluation.near ?? 0);
  const of = (what: string, count: number, note?: string) => (count > 0 ? [fact(what, formatCount(count), note)] : []);
  return [
    ...of('the same as an earlier row', exact),
    ...of('nearly the same', near),
    ...of('evaluated on too', evaluated, `${formatCount(inEvaluation.dropped)} left out`),
  ];
}

/** How the prompt and the rest share something; null where there is nothing to share. */
function balance(what: string, promptShare: number | null, rest: string): Html | [] {
  if (promptShare === null || !Number.isFinite(promptShare)) return [];
  const [prompt, other] = [formatShare(promptShare), formatShare(1 - promptShare)];
  return html`<figure class="balance">
<figcaption>${what}</figcaption>
<svg role="img" aria-label="${`Prompt and ${rest} ${what}: ${prompt} and ${other}`}"><rect class="completion" width="100%" height="100%"/><rect class="prompt" width="${(100 * promptShare).toFixed(2)}%" height="100%"/></svg>
<p><span class="prompt">prompt ${prompt}</span><span class="completion">${other} ${rest}</span></p>
</figure>`;
}

const REASONS: Readonly<Record<DroppedRow['reason'], string>> = {
  'too-long': 'too long, even with its prompt cut',
  'answer-too-long': 'an answer too long for what the prompt leaves',
  'no-weight': 'no token with a weight',
  invalid: 'invalid',
  duplicate: 'the same as an earlier row',
  'near-duplicate': 'nearly the same as an earlier row',
  'in-evaluation': 'a row to evaluate on too',
};
/** Rows named for each reason; the rest are counted. */
const NAMED_ROWS = 8;

function droppedTable(heading: string, dropped: readonly DroppedRow[]): Html | [] {
  if (dropped.length === 0) return [];
  const reasons = [...new Set(dropped.map((row) => row.reason))];
  const rows = reasons.map((reason) => {
    const own = dropped.filter((row) => row.reason === reason);
    const named = own.slice(0, NAMED_ROWS).map(({ file, line }) => `${file ?? 'row'}:${line}`);
    const more = own.length > named.length ? ` and ${formatCount(own.length - named.length)} more` : '';
    return html`<tr><td>${REASONS[reason]}</td><td class="number">${formatCount(own.length)}</td><td>${named.join(', ')}${more}</td></tr>`;
  });
  return html`<table><thead><tr><th>${heading}</th><th class="number">rows</th><th>which</th></tr></thead><tbody>${rows}</tbody></table>`;
}
