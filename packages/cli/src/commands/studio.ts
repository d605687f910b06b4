import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listRecipes } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';

export const studio: Command = defineCommand({
  name: 'studio',
  summary: 'Open a page on this machine to choose rows and model, train, watch, compare and ask; without a terminal.',
  example: 'counterweight studio . --models ~/models',
  options: z.strictObject({
    folder: z
      .string()
      .min(1)
      .default('.')
      .describe('where rows and models lie, and where runs are written (default: here)')
      .meta({ placeholder: 'folder' }),
    models: z
      .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)))
      .default([])
      .describe('more folders with models')
      .meta({ placeholder: 'folder', variadic: true }),
    recipe: z
      .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)))
      .default([])
      .describe('recipes to choose from beside those that are installed: packages or .ts/.js files')
      .meta({ placeholder: 'recipe', variadic: true }),
    port: z.int().min(0).max(65_535).optional().describe('where the page is (default: 4747, or one that is free)'),
    concurrency: z.int().positive().default(1).describe('trainings at the same time; the others wait'),
  }),
  argument: 'folder',
  async run({ folder, models, recipe, port, concurrency }, { terminal, signal, cwd }) {
    // Only who asks for it waits until it is loaded.
    const { openStudio } = await import('@counterweight/studio');
    // What the studio has run for it is this very command line.
    const program = realpathSync(process.argv[1] ?? '');
    // The studio looks from its folder; who types a path means it from here.
    const fromHere = (one: string) => (/[.][cm]?[jt]s$|^[.]{0,2}[\\/]/.test(one) ? resolve(cwd, one) : one);
    const recipes = [
      ...listRecipes({ cwd: resolve(cwd, folder), program: pathToFileURL(program).href }),
      ...recipe.map(fromHere),
    ];
    const opened = await openStudio({
      ...{ folder, models, recipes, port, concurrency },
      program: [process.execPath, '--no-warnings', program],
    });
    terminal.print(`${opened.address}\n`);
    terminal.note('Open this address in a browser on this machine. Ctrl-C ends the studio; runs go on.');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await opened.close();
    signal.throwIfAborted();
    return { address: opened.address };
  },
});
