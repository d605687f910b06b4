import type { SweepAnalysis } from '../../sweep/analysis/analysis.ts';
import { outcomeTable } from '../../sweep/analysis/describe-analysis.ts';
import { weightCharts } from '../../sweep/analysis/weight-chart.ts';
import type { SweepProgress } from '../../sweep/read-sweep.ts';
import { documentOf, type Section } from '../document.ts';
import { fact, formatCounted, formatDuration } from '../format.ts';
import { html } from '../html.ts';
import { inWords, named } from '../text.ts';
import { weightFigure } from './weight-figure.ts';

/** A sweep as one HTML document: what came out, the pictures, every table. */
export function sweepPage(progress: SweepProgress, analysis: SweepAnalysis): string {
  const { plan, done, failed, open } = progress;
  const compared = done.filter(({ trial }) => trial.stage === 'compare');
  const facts = [formatCounted(compared.length, 'trial'), formatCounted(plan.seeds.length, 'seed')];
  const missing = failed.length + open.length;
  if (missing > 0) facts.push(`${missing} missing`);
  return documentOf({
    title: `How much the prompt should count: ${plan.recipe.name}`,
    lead: html`<p class="lead">${facts.join(' · ')}</p>`,
    sections: [recommendation(analysis), claims(analysis), pictures(analysis), tables(analysis), origin(progress)],
  });
}

const recommendation = ({ recommended, recommendation: words, notes }: SweepAnalysis): Section => ({
  id: 'recommendation',
  title: recommended ? `Weight ${recommended.promptLossWeight}` : 'No weight is recommended',
  note: words,
  body: notes.map((note) => html`<p class="note">${note}</p>`),
});

const claims = ({ claims: all }: SweepAnalysis): Section => ({
  id: 'claims',
  title: 'Claims',
  body: html`<div class="scroll" tabindex="0" role="group" aria-label="Table of claims"><table><thead><tr><th scope="col">claim</th><th scope="col">here</th><th scope="col">effect</th><th scope="col">how it was judged</th></tr></thead><tbody>
${all.map(
  ({ claim, statement, holds, verdict, sentence, evidence }) => html`<tr><th scope="row">(${claim}) ${statement}</th>
<td>${holds === null ? 'open' : holds ? 'holds' : 'does not hold'}</td><td>${verdict}</td>
<td>${sentence}${evidence.map((line) => html`<small>${line}</small>`)}</td></tr>`,
)}
</tbody></table></div>`,
});

const pictures = (analysis: SweepAnalysis): Section => ({
  id: 'weights',
  title: 'Weights',
  note: 'Weights lie along w to the power 0.30103. The band is what does not matter.',
  body: html`<div class="charts">${weightCharts(analysis).map(weightFigure)}</div>`,
});

const tables = (analysis: SweepAnalysis): Section => ({
  id: 'outcomes',
  title: 'Outcomes',
  body: analysis.outcomes.map((outcome) => {
    const { title, header, lines, notes } = outcomeTable(outcome, analysis);
    return html`<h3>${inWords(outcome.name)}</h3><p class="note">${title}</p>
<div class="scroll" tabindex="0" role="group" aria-label="${`Table of ${outcome.name}`}"><table><thead><tr>${header.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>
${lines.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
</tbody></table></div>${notes.map((note) => html`<p class="note">${note}</p>`)}`;
  }),
});

function origin({ plan, done, failed }: SweepProgress): Section {
  const seconds = done.reduce((sum, trial) => sum + trial.seconds, 0);
  const options = Object.entries(plan.training).filter(([, value]) => value !== undefined);
  return {
    id: 'origin',
    title: 'Origin',
    body: html`<dl class="facts">
${fact('computed for', formatDuration(seconds))}
${Object.entries(plan.axes).map(([option, values]) => fact(inWords(option), values.join(', ')))}
${options.map(([name, value]) => fact(inWords(name), typeof value === 'object' ? JSON.stringify(value) : String(value)))}
${Object.values(plan.inputs)
  .flat()
  .map(({ file, sha256 }) => fact(named(file), sha256.slice(0, 12)))}
</dl>
${failed.map(({ trial, message }) => html`<p class="note">Trial ${trial.id} failed: ${message}</p>`)}`,
  };
}
