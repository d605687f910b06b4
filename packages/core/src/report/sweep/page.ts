import type { SweepAnalysis } from '../../sweep/analysis/analysis.ts';
import { outcomeTable } from '../../sweep/analysis/describe-analysis.ts';
import { weightCharts } from '../../sweep/analysis/weight-chart.ts';
import type { SweepProgress } from '../../sweep/read-sweep.ts';
import { fact, formatCounted, formatDuration } from '../format.ts';
import { type Html, html } from '../html.ts';
import { documentOf } from '../page.ts';
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
    lead: facts.join(' · '),
    sections: [recommendation(analysis), claims(analysis), pictures(analysis), tables(analysis), origin(progress)],
  });
}

const recommendation = ({ recommended, recommendation: words, notes }: SweepAnalysis): Html => html`<section>
<h2>${recommended ? `Weight ${recommended.promptLossWeight}` : 'No weight is recommended'}</h2>
<p class="note">${words}</p>
${notes.map((note) => html`<p class="note">${note}</p>`)}
</section>`;

const claims = ({ claims: all }: SweepAnalysis): Html => html`<section>
<h2>Claims</h2>
<table><thead><tr><th>claim</th><th>here</th><th>effect</th><th>how it was judged</th></tr></thead><tbody>
${all.map(
  ({ claim, statement, holds, verdict, sentence, evidence }) => html`<tr><td>(${claim}) ${statement}</td>
<td>${holds === null ? 'open' : holds ? 'holds' : 'does not hold'}</td><td>${verdict}</td>
<td>${sentence}${evidence.map((line) => html`<br><small>${line}</small>`)}</td></tr>`,
)}
</tbody></table>
</section>`;

const pictures = (analysis: SweepAnalysis): Html => html`<section>
<h2>Weights</h2>
<p class="note">Weights lie along w to the power 0.30103. The band is what does not matter.</p>
<div class="charts">${weightCharts(analysis).map(weightFigure)}</div>
</section>`;

const tables = (analysis: SweepAnalysis): Html => html`<section>
<h2>Outcomes</h2>
${analysis.outcomes.map((outcome) => {
  const { title, header, lines, notes } = outcomeTable(outcome, analysis);
  return html`<h3>${outcome.name}</h3><p class="note">${title}</p>
<table><thead><tr>${header.map((cell) => html`<th>${cell}</th>`)}</tr></thead><tbody>
${lines.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
</tbody></table>${notes.map((note) => html`<p class="note">${note}</p>`)}`;
})}
</section>`;

function origin({ plan, done, failed }: SweepProgress): Html {
  const seconds = done.reduce((sum, trial) => sum + trial.seconds, 0);
  const options = Object.entries(plan.training).filter(([, value]) => value !== undefined);
  return html`<section>
<h2>Origin</h2>
<dl class="facts">
${fact('computed for', formatDuration(seconds))}
${Object.entries(plan.axes).map(([option, values]) => fact(option, values.join(', ')))}
${options.map(([name, value]) => fact(name, typeof value === 'object' ? JSON.stringify(value) : String(value)))}
${Object.values(plan.inputs)
  .flat()
  .map(({ file, sha256 }) => fact(file, sha256.slice(0, 12)))}
</dl>
${failed.map(({ trial, message }) => html`<p class="note">Trial ${trial.id} failed: ${message}</p>`)}
</section>`;
}
