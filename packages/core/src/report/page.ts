import type { RunDescription } from '../run/describe-run.ts';
import { curvesSection } from './curves.ts';
import { dataSection } from './data.ts';
import { fact, formatCount } from './format.ts';
import { contentPolicy, type Html, html } from './html.ts';
import { outcomeSection } from './outcome.ts';
import type { RunRecord } from './run-record.ts';
import { reportStyle } from './style.ts';

/** The run as one HTML document: no scripts, no fonts, nothing that is not in it. */
export function reportPage(record: RunRecord): string {
  const { recipe, model } = record.description;
  return documentOf({
    title: `${recipe.name} on ${baseName(model.folder)}`,
    lead: leadingFacts(record).join(' · '),
    sections: [
      outcomeSection(record),
      curvesSection(record),
      dataSection(record.description),
      optionsSection(record.description),
      originSection(record.description),
    ],
  });
}

/** A page of ours. */
export function documentOf({
  title,
  lead,
  sections,
}: {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly (Html | readonly Html[])[];
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${contentPolicy}
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
<p class="lead">${lead}</p>
</header>
${sections.map(
  (section) => html`${section}
`,
)}</main>
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
  const groups = Object.entries({
    data: 'rows',
    evalData: 'held out',
    model: 'model',
    tokenizer: 'tokenizer',
  } as const);
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
