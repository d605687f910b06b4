import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import type { Core } from '../core.ts';
import { optionError } from '../option-error.ts';
import { samplingNotes } from '../option-notes.ts';
import {
  adapterOption,
  filesOption,
  jsonOption,
  modelOptions,
  readingOptions,
  samplingOptions,
  samplingPart,
  trainingPart,
  trainOptions,
  weightOptions,
} from '../options.ts';
import { resolveRecipe } from '../resolve-recipe.ts';
import { streamRows } from '../stream-rows.ts';
import { watchDownload } from '../watch-download.ts';

const options = z.strictObject({
  ...modelOptions,
  ...adapterOption,
  prompt: z.string().optional().describe('text to complete, with the plain recipe'),
  row: jsonOption
    .optional()
    .describe('one row of the recipe, without its answer: \'{"message": "…"}\'')
    .meta({ placeholder: 'json' }),
  data: filesOption('a file of rows to complete, one after the other').optional(),
  ...samplingOptions,
  maxLength: weightOptions.maxLength,
  format: weightOptions.format,
  templateDate: weightOptions.templateDate,
  map: readingOptions.map,
});

export const generate: Command = defineCommand({
  name: 'generate',
  summary: 'Complete a prompt, a row or a file of rows; the text appears as it is made.',
  example: 'counterweight generate --model ./model --prompt "Once upon a time" --temperature 0.8 --max-new-tokens 100',
  options,
  alsoAccepts: trainOptions,
  async run(given, { core, cwd, terminal, signal, given: names }) {
    for (const note of samplingNotes(given.temperature, names)) terminal.note(`note: ${note}`);
    const { model, adapter, engine } = given;
    const rows = await rowsOf(given, core, signal);
    const recipe = await resolveRecipe({ ...given, cwd });
    const stream = streamRows(terminal, rows.length);
    const outputs = await core.generate({
      recipe,
      model,
      engine,
      signal,
      onDownload: watchDownload(terminal),
      rows,
      sampling: samplingPart(given),
      training: trainingPart(given),
      ...(adapter === undefined ? {} : { adapter }),
      onText: stream.text,
    });
    stream.end(outputs);
    return { outputs };
  },
});

type Given = z.output<typeof options>;

/** The rows to complete: a prompt, a row, or else a file of rows. */
async function rowsOf({ recipe, prompt, row, data }: Given, core: Core, signal: AbortSignal): Promise<unknown[]> {
  if (prompt !== undefined && row !== undefined) {
    throw optionError('--prompt and --row are two ways to say one thing', 'command line', 'Give one of them.');
  }
  if (prompt !== undefined) {
    if (recipe === 'plain') return [{ prompt }];
    const fix = `Give a row in place of the prompt: --row '{"…": "…"}', with the fields of ${recipe}.`;
    throw optionError('--prompt is for the plain recipe', `--recipe ${recipe}`, fix);
  }
  if (row !== undefined) return [row];
  if (data === undefined) {
    throw optionError('There is nothing to complete', 'command line', 'Give --prompt TEXT, --row JSON or --data FILE.');
  }
  return (await core.readRows(data, signal)).map(({ value }) => value);
}
