import type { DuplicateCounts } from '../../rows/duplicates/duplicate-counts.ts';
import type { RunDescription } from '../../run/describe-run.ts';
import type { Section } from '../document.ts';
import { fact, formatCount, formatCounted, formatNumber, formatShare } from '../format.ts';
import { type Html, html } from '../html.ts';
import { barTable } from '../plot/bar-table.ts';
import type { RunRecord } from '../run-record.ts';
import { shadedExamples } from '../shaded-tokens.ts';
import { shareFigure } from '../share-figure.ts';
import { named } from '../text.ts';
import { droppedTable } from './dropped-table.ts';

/** What the model was shown: the receipt from before the first step. */
export function rowsSection({ description, examples }: RunRecord): Section {
  const { receipt, training } = description;
  const {
    rows,
    kept,
    cut,
    cutTokens,
    cutAnswers = 0,
    dropped,
    evaluationDropped = [],
    tallies = {},
    unused = {},
  } = receipt;
  return {
    id: 'rows',
    title: 'Rows',
    note: `What was trained on, as it was counted before the first step: ${formatCounted(kept, 'row')} of ${formatCount(rows)}.`,
    body: html`<div class="balances">${shares(description)}</div>
<dl class="facts">
${fact('read', formatCount(rows), 'rows')}
${fact('kept', formatCount(kept), 'rows')}
${dropped.length > 0 ? alarming('dropped', formatCount(dropped.length), `${formatShare(dropped.length / rows)} of the rows; why is below`) : fact('dropped', '0', 'rows')}
${cut > 0 ? alarming('cut to length', formatCount(cut), `rows: ${formatCounted(cutTokens, 'token')} of their prompts are gone`) : fact('cut to length', '0', `rows; the limit is ${String(training.maxLength)} tokens`)}
${cutAnswers > 0 ? alarming('answers cut', formatCount(cutAnswers), 'rows without an end to learn') : []}
${evaluationDropped.length > 0 ? alarming('not evaluated on', formatCount(evaluationDropped.length), 'held-out rows') : []}
${fact(html`R<sub>g</sub>`, receipt.generationRatio === null ? '–' : formatNumber(receipt.generationRatio), generationRatioInWords(description))}
${Object.entries(tallies)
  .filter(([, count]) => count > 0)
  .map(([what, count]) => fact(named(what), formatCount(count)))}
${Object.entries(unused).map(([name, count]) => fact(html`not used: ${named(name)}`, formatCount(count), 'rows say it'))}
</dl>
${lengths(description)}
${duplicates(description)}
${droppedTable('dropped because', dropped)}
${droppedTable('not evaluated on because', evaluationDropped)}
${examples.length > 0 ? html`<h3>Row by row</h3><p class="note">The first ${formatCounted(examples.length, 'row')} that were trained on. The stronger the ground, the greater a token’s weight in the loss; tokens in grey are not learnt.</p>${shadedExamples(examples)}` : []}`,
  };
}

const alarming = (label: string, value: string, note: string): Html =>
  html`<div class="alarming"><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`;

function generationRatioInWords({ recipe }: RunDescription): string {
  const usual = recipe.defaults
    ? `; ${formatNumber(recipe.defaults.generationRatio)} in the domain of ${recipe.name}`
    : '';
  return `completion tokens ÷ prompt tokens${usual}`;
}

/** How prompt, template and completion share tokens and weight. */
function shares({ receipt, training }: RunDescription): (Html | [])[] {
  const { promptTokens, completionTokens, promptWeightShare, templateWeightShare = 0 } = receipt;
  // With a fraction, the prompt's weight is set anew in every step, so that this is its share.
  const prompt = typeof training.promptLossFraction === 'number' ? training.promptLossFraction : promptWeightShare;
  const tokens = promptTokens / (promptTokens + completionTokens);
  return [
    shareFigure('of the tokens', [
      ['prompt', tokens],
      ['completion', 1 - tokens],
    ]),
    // JSON has no NaN: the share of nothing is null there.
    shareFigure('of the weight in the loss', [
      ['prompt', prompt ?? Number.NaN],
      ['template', templateWeightShare],
      ['completion', 1 - prompt - templateWeightShare],
    ]),
  ];
}

function lengths({ receipt: { lengths, kept }, training }: RunDescription): Html {
  const lines = [
    { name: 'half of the rows, up to', value: lengths.median },
    { name: '90 %, up to', value: lengths.p90 },
    { name: '99 %, up to', value: lengths.p99 },
    { name: 'the longest', value: lengths.longest },
    ...(typeof training.maxLength === 'number'
      ? [{ name: 'the limit (max length)', value: training.maxLength, look: 'limit' }]
      : []),
  ];
  if (kept === 0) return html``;
  return html`<h3>Lengths</h3>${barTable({ caption: 'Lengths of the rows in tokens, prompt and completion together', header: ['rows', 'tokens'], lines, format: formatCount })}`;
}

function duplicates({ receipt }: RunDescription): Html {
  const { exact = 0, near, inEvaluation } = receipt.duplicates ?? ({ inEvaluation: {} } as Partial<DuplicateCounts>);
  const looked = near !== undefined || inEvaluation?.near !== undefined;
  const line = (what: string, same: number, nearly: number | undefined, note: string) =>
    html`<tr><th scope="row">${what}</th><td class="number">${formatCount(same)}</td><td class="number">${nearly === undefined ? '–' : formatCount(nearly)}</td><td>${note}</td></tr>`;
  const both = inEvaluation ?? { exact: 0, dropped: 0 };
  const leaked = (both.exact ?? 0) + (both.near ?? 0);
  const what =
    leaked === 0
      ? ''
      : `${formatCount(both.dropped ?? 0)} of them left out of training${(both.dropped ?? 0) < leaked ? ': the others are trained on and evaluated on' : ''}`;
  return html`<h3>Rows that say the same</h3>
<table class="same"><thead><tr><th scope="col">rows that say what</th><th scope="col" class="number">word for word</th><th scope="col" class="number">nearly</th><th scope="col"><span class="unseen">what became of them</span></th></tr></thead><tbody>
${line('an earlier row says', exact, near, '')}
${line('a row to evaluate on says', both.exact ?? 0, both.near, what)}
</tbody></table>
${looked ? html`<p class="note">Nearly: by MinHash over runs of words.</p>` : html`<p class="note">These are many rows, so that those that say nearly the same were not looked for: <code>--duplicates count-near</code> and <code>--leakage count-near</code> do, by MinHash.</p>`}`;
}
