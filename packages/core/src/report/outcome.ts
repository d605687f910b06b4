import type { StepMetrics } from '../training/events.ts';
import { formatCount, formatLoss, formatMetric } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunRecord } from './run-record.ts';

const NOT_METRICS = new Set([
  'step',
  'rows',
  'tokens',
  'loss',
  'promptLoss',
  'completionLoss',
  'perplexity',
  'outputs',
  'cutOutputs',
  'failedMetrics',
]);

/** What came of it: the last evaluation, and the first beside it. */
export function outcomeSection({ evaluations, steps }: RunRecord): Html {
  const last = evaluations.at(-1);
  if (!last) return outcomeWithoutEvaluation(steps);
  const first = evaluations.length > 1 ? evaluations[0] : undefined;
  const tile = (label: string, name: string, format: (value: number) => string) => {
    const value = last[name] ?? null;
    const before = first?.[name] ?? null;
    return value === null ? [] : [outcomeTile(label, format(value), before === null ? undefined : format(before))];
  };
  const metrics = Object.keys(last).filter((name) => !NOT_METRICS.has(name));
  const since = first ? `; in small print, after step ${formatCount(first.step)}` : '';
  return html`<section>
<h2>Outcome</h2>
<p class="note">On ${formatCount(last.rows)} held-out rows after step ${formatCount(last.step)}${since}. Losses are in nats a token.</p>
<dl class="tiles">
${metrics.map((name) => tile(name, name, formatMetric))}
${tile('completion loss', 'completionLoss', formatLoss)}
${tile('perplexity', 'perplexity', formatMetric)}
${tile('prompt loss', 'promptLoss', formatLoss)}
${tile('weighted loss', 'loss', formatLoss)}
</dl>
</section>`;
}

function outcomeWithoutEvaluation(steps: readonly StepMetrics[]): Html {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return html`<section><h2>Outcome</h2><p class="note">No step was made.</p></section>`;
  const before = (value: number | null) => (first === last || value === null ? undefined : formatLoss(value));
  return html`<section>
<h2>Outcome</h2>
<p class="note">There were no held-out rows. These are the training losses of step ${formatCount(last.step)}, in nats a token${
    first === last ? '' : '; in small print, those of the first step'
  }.</p>
<dl class="tiles">
${last.completionLoss === null ? [] : outcomeTile('completion loss', formatLoss(last.completionLoss), before(first.completionLoss))}
${last.promptLoss === null ? [] : outcomeTile('prompt loss', formatLoss(last.promptLoss), before(first.promptLoss))}
${last.loss === null ? [] : outcomeTile('weighted loss', formatLoss(last.loss), before(first.loss))}
</dl>
</section>`;
}

function outcomeTile(label: string, value: string, before: string | undefined): Html {
  return html`<div><dt>${label}</dt><dd>${value}${before === undefined ? [] : html`<small>from ${before}</small>`}</dd></div>`;
}
