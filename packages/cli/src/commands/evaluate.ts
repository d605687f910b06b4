import { resolve } from 'node:path';
import { invalidRowsInWords } from '@counterweight/core/report';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { watchEvaluation } from '../evaluation-progress.ts';
import { evaluationNotes, evaluationTable } from '../evaluation-table.ts';
import {
  adapterOption,
  evaluationOptions,
  modelOptions,
  readingOptions,
  rowFiles,
  samplingOptions,
  samplingPart,
  trainingPart,
  trainOptions,
  weightOptions,
} from '../options.ts';
import { resolveRecipe } from '../resolve-recipe.ts';
import { sensitivityTable } from '../sensitivity-table.ts';
import { estimateLine } from '../training-notes.ts';
import { watchDownload } from '../watch-download.ts';

export const evaluate: Command = defineCommand({
  name: 'evaluate',
  summary: "Measure a model on rows it was not trained on: loss, perplexity and the recipe's own metrics.",
  example: 'counterweight evaluate --recipe support --model ./model --adapter runs/first/adapter --data held-out.jsonl',
  options: z.strictObject({
    ...modelOptions,
    ...adapterOption,
    data: rowFiles('rows to evaluate on'),
    samples: z.int().positive().default(1).describe('outputs of each row, for metrics over several (pass@k)'),
    ...samplingOptions,
    seed: samplingOptions.seed.describe(
      'decides the sampling, and with --perturb what is changed of each row (default: 0)',
    ),
    ...evaluationOptions,
    perturb: z
      .boolean()
      .default(false)
      .describe(
        'ask every row again in other words, case and punctuation, with a typing error, and with its parts in another order ' +
          '(--seed decides): how many answers change, and what the metrics lose',
      ),
    predictions: z
      .string()
      .min(1)
      .optional()
      .describe(
        'file for the outputs, a JSON line each: row, prompt, reference, output, cut, scores; with --perturb also those of ' +
          'rows that were asked otherwise: perturbation, change, changed',
      )
      .meta({ placeholder: 'file' }),
    ...weightOptions,
    ...readingOptions,
  }),
  alsoAccepts: trainOptions,
  async run(options, { core, cwd, terminal, signal }) {
    const { model, adapter, data, engine, predictions, maxNewTokens, perturb, seed } = options;
    const recipe = await resolveRecipe({ ...options, cwd });
    const progress = watchEvaluation(terminal);
    const evaluation = await core.evaluate({
      recipe,
      model,
      data,
      engine,
      signal,
      onDownload: watchDownload(terminal),
      training: trainingPart(options),
      sampling: samplingPart(options),
      ...(perturb && { perturb: { seed } }),
      ...(adapter === undefined ? {} : { adapter }),
      ...(predictions === undefined ? {} : { predictions: resolve(cwd, predictions) }),
      onProgress: progress.update,
      onEstimate: (estimate) => terminal.note(estimateLine(estimate)),
    });
    progress.end();
    for (const row of invalidRowsInWords(evaluation.dropped ?? [])) terminal.note(row);
    terminal.print(evaluationTable({ [adapter ? 'with adapter' : 'model']: evaluation }, recipe.metrics));
    terminal.print(evaluationNotes(evaluation, maxNewTokens ?? recipe.defaults.maxNewTokens));
    if (evaluation.sensitivity) terminal.print(sensitivityTable(evaluation.sensitivity));
    return evaluation;
  },
});
