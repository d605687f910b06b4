import type { Evaluation } from '@counterweight/core';
import { count, nats, short, table } from './format.ts';

/** Evaluations side by side: one column each. */
export function evaluationTable(columns: Readonly<Record<string, Evaluation>>): string {
  const evaluations = Object.values(columns);
  const line = (label: string, cell: (one: Evaluation) => string) => [label, ...evaluations.map(cell)];
  const metricNames = [
    ...new Set(evaluations.flatMap(({ metrics, failedMetrics = {} }) => Object.keys({ ...metrics, ...failedMetrics }))),
  ];
  const metric = (name: string) => (one: Evaluation) =>
    one.failedMetrics?.[name] === undefined ? nats(one.metrics[name]) : 'failed';
  const generated = evaluations.some(({ outputs }) => outputs !== undefined);
  return table(
    [
      ['', ...Object.keys(columns)],
      line('rows', ({ rows }) => count(rows)),
      line('tokens', ({ tokens }) => count(tokens)),
      line('loss', ({ loss }) => nats(loss)),
      line('prompt loss', ({ promptLoss }) => nats(promptLoss)),
      line('completion loss', ({ completionLoss }) => nats(completionLoss)),
      line('perplexity', ({ perplexity }) => (perplexity === null ? '–' : short(perplexity))),
      ...metricNames.map((name) => line(name, metric(name))),
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
  return [...failures, ...(cutOutputs > outputs / 2 ? [cutHint(evaluation, maxNewTokens)] : [])].join('');
}

/** What was tried on a model that had never learnt its end token: adapters alone cut all, either of the two cut few. */
const cutHint = (evaluation: Evaluation, maxNewTokens: number): string =>
  [
    `${cutInWords(evaluation)} outputs were cut at ${count(maxNewTokens)} tokens: metrics saw the beginnings of answers only.`,
    'Either answers are longer (evaluate with a larger --max-new-tokens), or the model has not learnt to stop. A base model',
    'whose end token means nothing yet learns it with --method full, or with --modules-to-save embed_tokens beside LoRA.',
  ]
    .map((line) => `  ${line}\n`)
    .join('');
