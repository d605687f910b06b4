import { resolve } from 'node:path';
import type { Data, DroppedRow } from '@counterweight/core';
import { invalidRowsInWords } from '@counterweight/core/report';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
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
import { assertNew, writeNew } from '../write-new.ts';

const options = z.strictObject({
  ...modelOptions,
  ...adapterOption,
  prompt: z.string().optional().describe('text to complete, with the plain recipe'),
  row: jsonOption
    .optional()
    .describe('one row of the recipe, without its answer: \'{"message": "…"}\'')
    .meta({ placeholder: 'json' }),
  data: filesOption('a file of rows to complete, one after the other').optional(),
  output: z
    .string()
    .min(1)
    .optional()
    .describe('a new file for the outputs, a JSON string a line, as score --generated reads them')
    .meta({ placeholder: 'file' }),
  ...samplingOptions,
  maxLength: weightOptions.maxLength,
  format: weightOptions.format,
  templateDate: weightOptions.templateDate,
  ...readingOptions,
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
    const rows = rowsOf(given);
    const output = given.output === undefined ? undefined : resolve(cwd, given.output);
    if (output !== undefined) assertNew(output);
    const recipe = await resolveRecipe({ ...given, cwd });
    const stream = streamRows(terminal);
    let [count, dropped]: [number, ReadonlyMap<number, DroppedRow>] = [0, new Map()];
    const texts = await core.generate({
      recipe,
      model,
      engine,
      signal,
      onDownload: watchDownload(terminal),
      rows,
      sampling: samplingPart(given),
      training: trainingPart(given),
      ...(adapter === undefined ? {} : { adapter }),
      onRows: (all, left) => {
        [count, dropped] = [all, left];
        for (const row of invalidRowsInWords([...left.values()])) terminal.note(row);
        stream.begin(all);
      },
      onText: stream.text,
    });
    const answers = texts.values();
    // A row that was left out keeps its place, so that outputs go on standing beside the rows of the file.
    const outputs = Array.from({ length: count }, (_, row) =>
      dropped.has(row) ? null : (answers.next().value as string),
    );
    stream.end(outputs);
    if (output !== undefined) await writeNew(output, outputs.map((text) => `${JSON.stringify(text)}\n`).join(''));
    return { outputs, ...(dropped.size > 0 && { dropped: [...dropped.values()] }) };
  },
});

type Given = z.output<typeof options>;

/** The rows to complete: a prompt, a row, or else files of rows. */
function rowsOf({ recipe, prompt, row, data }: Given): Data {
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
  return data;
}
