import type { Evaluation } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { count, nats, short, table } from '../format.ts';
import {
  adapterOption,
  filesOption,
  modelOptions,
  samplingOptions,
  samplingPart,
  trainingPart,
  trainOptions,
  weightOptions,
} from '../options.ts';
import { startProgress } from '../progress.ts';
import { resolveRecipe } from '../resolve-recipe.ts';
import { watchDownload } from '../watch-download.ts';

export const evaluate: Command = defineCommand({
  name: 'evaluate',
  summary: "Measure a model on rows it was not trained on: loss, perplexity and the recipe's own metrics.",
  example: 'counterweight evaluate --recipe support --model ./model --adapter runs/first/adapter --data held-out.jsonl',
  options: z.strictObject({
    ...modelOptions,
    ...adapterOption,
    data: filesOption('rows to evaluate on: .jsonl, .json, .csv, .tsv or .parquet, also .gz, or a folder of them'),
    samples: z.int().positive().default(1).describe('outputs of each row, for metrics over several (pass@k)'),
    ...samplingOptions,
    ...weightOptions,
  }),
  alsoAccepts: trainOptions,
  async run(options, { core, cwd, terminal, signal }) {
    const { model, adapter, data, engine } = options;
    const recipe = await resolveRecipe({ ...options, cwd });
    const progress = startProgress('evaluating', terminal);
    const evaluation = await core.evaluate({
      recipe,
      model,
      data,
      engine,
      signal,
      onDownload: watchDownload(terminal),
      training: trainingPart(options),
      sampling: samplingPart(options),
      ...(adapter === undefined ? {} : { adapter }),
      onProgress: (done, of) => progress.update(done, of),
    });
    progress.end();
    terminal.print(evaluationTable({ [adapter ? 'with adapter' : 'model']: evaluation }));
    return evaluation;
  },
});

/** Evaluations side by side: one column each. */
export function evaluationTable(columns: Readonly<Record<string, Evaluation>>): string {
  const evaluations = Object.values(columns);
  const line = (label: string, cell: (one: Evaluation) => string) => [label, ...evaluations.map(cell)];
  const metricNames = [...new Set(evaluations.flatMap(({ metrics }) => Object.keys(metrics)))];
  return table(
    [
      ['', ...Object.keys(columns)],
      line('rows', ({ rows }) => count(rows)),
      line('tokens', ({ tokens }) => count(tokens)),
      line('loss', ({ loss }) => nats(loss)),
      line('prompt loss', ({ promptLoss }) => nats(promptLoss)),
      line('completion loss', ({ completionLoss }) => nats(completionLoss)),
      line('perplexity', ({ perplexity }) => (perplexity === null ? '–' : short(perplexity))),
      ...metricNames.map((name) => line(name, ({ metrics }) => nats(metrics[name]))),
    ],
    1,
  );
}
