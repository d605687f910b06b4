import type { Evaluation, Metric } from '@counterweight/core';
import { count, nats, short, table } from './format.ts';

type Directions = readonly Pick<Metric<never>, 'name' | 'direction'>[];

const ARROWS = { 'higher-is-better': '↑', 'lower-is-better': '↓', descriptive: '' } as const;

/** Which way is better. */
export const arrowOf = (metrics: Directions, name: string): string =>
  ARROWS[metrics.find((metric) => metric.name === name)?.direction ?? 'descriptive'];

/** `0.7140 ± 0.0202` */
export const withError = (value: number | undefined, error: number | undefined): string =>
  `${nats(value)}${error === undefined ? '' : ` ± ${nats(error)}`}`;

/** Evaluations side by side: one column each, and which way is better. @param recipeMetrics those of the recipe */
export function evaluationTable(columns: Readonly<Record<string, Evaluation>>, recipeMetrics: Directions = []): string {
  const evaluations = Object.values(columns);
  const line = (label: string, cell: (one: Evaluation) => string, arrow = '') => [
    label,
    ...evaluations.map(cell),
    arrow,
  ];
  const metricNames = [
    ...new Set(evaluations.flatMap(({ metrics, failedMetrics = {} }) => Object.keys({ ...metrics, ...failedMetrics }))),
  ];
  const metric = (name: string) => (one: Evaluation) => {
    if (one.failedMetrics?.[name] !== undefined) return 'failed';
    return withError(one.metrics[name], one.standardErrors?.[name]);
  };
  const generated = evaluations.some(({ outputs }) => outputs !== undefined);
  return table(
    [
      ['', ...Object.keys(columns)],
      line('rows', ({ rows }) => count(rows)),
      line('tokens', ({ tokens }) => count(tokens)),
      line('loss', ({ loss }) => nats(loss), '↓'),
      line('prompt loss', ({ promptLoss }) => nats(promptLoss), '↓'),
      line('completion loss', ({ completionLoss }) => nats(completionLoss), '↓'),
      line('perplexity', ({ perplexity }) => (perplexity === null ? '–' : short(perplexity)), '↓'),
      ...metricNames.map((name) => line(name, metric(name), arrowOf(recipeMetrics, name))),
      ...(generated ? [line('outputs cut', cutInWords)] : []),
    ],
    1,
  );
}

const cutInWords = ({ outputs, cutOutputs = 0 }: Evaluation): string =>
  outputs === undefined ? '–' : `${count(cutOutputs)} of ${count(outputs)}`;

/** What is to be said beside the numbers; empty where nothing is. @param maxNewTokens tokens of an output at most */
export function evaluationNotes(evaluation: Evaluation, maxNewTokens: number): string {
  const { outputs = 0, cutOutputs = 0, failedMetrics = {} } = evaluation;
  const failures = Object.entries(failedMetrics).map(([name, message]) => `  ${name} failed: ${message}\n`);
  const errors = Object.keys(evaluation.standardErrors ?? {}).length > 0 ? [ERRORS] : [];
  return [...errors, ...failures, ...(cutOutputs > outputs / 2 ? [cutHint(evaluation, maxNewTokens)] : [])].join('');
}

/** 2.8 standard errors of a difference, with 80 % power at 5 %, and √2 of them in one of two. */
const ERRORS =
  '  ±: standard error over these rows. One evaluation each tells two models apart that differ by 4 of them.\n';

/** What was tried on a model that had never learnt its end token: adapters alone cut all, either of the two cut few. */
const cutHint = (evaluation: Evaluation, maxNewTokens: number): string =>
  [
    `${cutInWords(evaluation)} outputs were cut at ${count(maxNewTokens)} tokens: metrics saw the beginnings of answers only.`,
    'Either answers are longer (evaluate with a larger --max-new-tokens), or the model has not learnt to stop. A base model',
    'whose end token means nothing yet learns it with --method full, or with --modules-to-save embed_tokens beside LoRA.',
  ]
    .map((line) => `  ${line}\n`)
    .join('');
