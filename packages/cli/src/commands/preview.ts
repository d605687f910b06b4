import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { previewPage, promptShare, receiptLines } from '@counterweight/core/report';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { optionError } from '../option-error.ts';
import { modelOptions, rowFiles, rowOptions, trainingPart, trainOptions, weightOptions } from '../options.ts';
import { legend, printExample } from '../preview/print-example.ts';
import { printReceipt } from '../preview/print-receipt.ts';
import { resolveRecipe } from '../resolve-recipe.ts';
import { watchDownload } from '../watch-download.ts';

export const preview: Command = defineCommand({
  name: 'preview',
  summary: 'See what would be trained on, before step 1: every token with its role and its weight in the loss.',
  example:
    'counterweight preview --recipe support --model ./model --data train.jsonl --prompt-loss-weight 0.1 --rows 3',
  options: z.strictObject({
    ...modelOptions,
    data: rowFiles('rows to train on'),
    rows: z.int().min(0).default(3).describe('rows to show; the receipt counts all'),
    html: z
      .string()
      .min(1)
      .optional()
      .describe('write the same as one self-contained page')
      .meta({ placeholder: 'file' }),
    ...weightOptions,
    ...rowOptions,
  }),
  alsoAccepts: trainOptions,
  async run(options, { core, cwd, terminal, signal }) {
    const { model, data, rows, engine, html } = options;
    const recipe = await resolveRecipe({ ...options, cwd });
    const training = trainingPart(options);
    const { receipt, packing, examples } = await core.preview({
      recipe,
      model,
      data,
      rows,
      engine,
      signal,
      training,
      onDownload: watchDownload(terminal),
    });
    const lines = receiptLines(receipt, recipe, training, packing);
    const share = promptShare(receipt, training);
    if (html !== undefined) {
      const title = `What ${recipe.name} trains on`;
      const page = previewPage({ title, receipt: lines, promptShare: share, examples });
      await writeFile(resolve(cwd, html), page).catch(({ message }: Error) => {
        const fix = 'Give a file that can be written, in a folder that is there.';
        throw optionError(`The page cannot be written: ${message}`, `--html ${html}`, fix);
      });
      terminal.note(`page written to ${html}`);
    }
    const page = { colors: terminal.colors, columns: terminal.columns };
    terminal.print(printReceipt(lines, share, page));
    for (const [i, example] of examples.entries()) terminal.print(`\n${printExample(example, i + 1, page)}`);
    if (examples.length > 0) terminal.print(`\n${legend(page)}`);
    return { rows: examples.map(({ ids, weights, roles, text }) => ({ ids, weights, roles, text })), receipt, packing };
  },
});
