import type { StepMetrics } from '../training/events.ts';
import type { RunDescription } from './describe-run.ts';
import { type Html, html } from './html.ts';
import { curvesSection } from './report-curves.ts';
import { dataSection } from './report-data.ts';
import { fact, formatCount, formatLoss, formatNumber } from './report-format.ts';
import { reportStyle } from './report-style.ts';

/** A line of evaluations.jsonl: the losses, and the recipe's metrics beside them by their names. */
export interface LoggedEvaluation {
  readonly step: number;
  readonly rows: number;
  readonly tokens: number;
  readonly loss: number;
  readonly promptLoss: number | null;
  readonly completionLoss: number | null;
  readonly perplexity: number | null;
  readonly [metric: string]: number | null;
}

/** Everything a run folder tells. */
export interface RunRecord {
  readonly description: RunDescription;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly LoggedEvaluation[];
}

/** The run as one HTML document: no scripts, no fonts, nothing that is not in it. */
export function reportPage(record: RunRecord): string {
  const { recipe, model } = record.description;
  const title = `${recipe.name} on ${baseName(model.folder)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Counterweight</title>
<style>${{ markup: reportStyle }}</style>
</head>
<body>
<main>
<header>
<p class="brand">${mark} Counterweight</p>
<h1>${title}</h1>
<p class="lead">${leadingFacts(record).join(' · ')}</p>
</header>
${outcomeSection(record)}
${curvesSection(record)}
${dataSection(record.description)}
${optionsSection(record.description)}
${originSection(record.description)}
</main>
</body>
</html>
`.markup;
}

/** A beam on its pivot: a light prompt balances a heavy completion. */
const mark = html`<svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true"><path d="M10 6.5 6.5 15h7zM1 4.2l18 4.6" class="beam"/><circle cx="3.2" cy="2" r="2" class="prompt"/><rect x="13.6" y="1.2" width="5.6" height="5.6" rx="1" class="completion" transform="rotate(14 16.4 4)"/></svg>`;

/** The last part of a path, of either kind of system. */
const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

function leadingFacts({ description, steps }: RunRecord): string[] {
  const { training, receipt, steps: planned } = description;
  const done = steps.at(-1)?.step ?? 0;
  const ofPlanned = done === planned ? '' : ` of ${formatCount(planned)}`;
  return [
    training.method === 'lora' ? `LoRA, rank ${String(training.loraRank)}` : 'full fine-tuning',
    training.promptLossFraction === undefined
      ? `prompt loss weight ${String(training.promptLossWeight)}`
      : `prompt loss fraction ${String(training.promptLossFraction)}`,
    `${formatCount(receipt.kept)} rows`,
    `${formatCount(done)}${ofPlanned} steps`,
  ];
}

const NOT_METRICS = new Set(['step', 'rows', 'tokens', 'loss', 'promptLoss', 'completionLoss', 'perplexity']);

function outcomeSection({ evaluations, steps }: RunRecord): Html {
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
${metrics.map((name) => tile(wordsOf(name), name, formatNumber))}
${tile('completion loss', 'completionLoss', formatLoss)}
${tile('perplexity', 'perplexity', formatNumber)}
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
${outcomeTile('weighted loss', formatLoss(last.loss), before(first.loss))}
</dl>
</section>`;
}

function outcomeTile(label: string, value: string, before: string | undefined): Html {
  return html`<div><dt>${label}</dt><dd>${value}${before === undefined ? [] : html`<small>from ${before}</small>`}</dd></div>`;
}

/** `exactMatch` → `exact match` */
const wordsOf = (name: string): string => name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

function optionsSection({ training, recipe }: RunDescription): Html {
  const recipeOptions = Object.entries((recipe.options ?? {}) as Readonly<Record<string, unknown>>);
  const list = (options: readonly (readonly [string, unknown])[]) =>
    html`<dl class="facts">${options.map(([name, value]) => fact(name, optionText(value)))}</dl>`;
  return html`<section>
<h2>Options</h2>
${list(Object.entries(training))}
${recipeOptions.length === 0 ? [] : html`<h3>Recipe ${recipe.name}</h3>${list(recipeOptions)}`}
</section>`;
}

function optionText(value: unknown): string {
  if (Array.isArray(value)) return value.map(optionText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function originSection({ engine, versions, seed, inputs }: RunDescription): Html {
  const groups = Object.entries({ data: 'rows', evalData: 'held out', model: 'model', tokenizer: 'tokenizer' } as const);
  const files = groups.flatMap(([group, name]) =>
    inputs[group as keyof typeof inputs].map(
      ({ file, sha256 }) => html`<tr><td>${name}</td><td>${file}</td><td class="hash">${sha256}</td></tr>`,
    ),
  );
  return html`<section>
<h2>Origin</h2>
<dl class="facts">
${fact('engine', engine.name, engine.description)}
${fact('seed', String(seed))}
${Object.entries(versions).map(([name, version]) => fact(name, version))}
</dl>
<table><thead><tr><th>what</th><th>file</th><th>SHA-256</th></tr></thead><tbody>${files}</tbody></table>
</section>`;
}
