import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { arrowOf, withError } from '../evaluation-table.ts';
import { table } from '../format.ts';
import { readingOptions, recipeOptions, rowFiles, trainOptions } from '../options.ts';
import { startProgress } from '../progress.ts';
import { resolveRecipe } from '../resolve-recipe.ts';

export const score: Command = defineCommand({
  name: 'score',
  summary: "Measure outputs that exist already with a recipe's metrics, whatever made them; needs no model.",
  example: 'counterweight score --recipe support --data held-out.csv --generated outputs.jsonl',
  options: z.strictObject({
    ...recipeOptions,
    data: rowFiles('rows the outputs are for'),
    generated: z
      .string()
      .min(1)
      .describe(
        'outputs in the order of the rows: a JSON string a line (generate --output writes them), or an array of strings for several of a row; or predictions-STEP.jsonl of a run',
      )
      .meta({ placeholder: 'file' }),
    ...readingOptions,
  }),
  alsoAccepts: trainOptions,
  async run({ recipe: name, recipeOptions, data, generated, map, skipInvalid }, { core, cwd, terminal, signal }) {
    const recipe = await resolveRecipe({ recipe: name, recipeOptions, cwd });
    const progress = startProgress('scoring', terminal);
    const onProgress = (metric: string, done: number, of: number) => progress.update(done, of, metric);
    const { rows, metrics, standardErrors } = await core.score({
      ...{ recipe, data, generated, map, skipInvalid },
      ...{ onProgress, signal },
    });
    progress.end();
    const line = ([metric, value]: [string, number]) => [
      metric,
      withError(value, standardErrors[metric]),
      arrowOf(recipe.metrics, metric),
    ];
    terminal.print(table([['rows', String(rows)], ...Object.entries(metrics).map(line)]));
    return { rows, metrics, standardErrors };
  },
});
