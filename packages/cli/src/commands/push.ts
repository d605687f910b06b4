import { relative, resolve } from 'node:path';
import { pushedParts } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { optionError } from '../option-error.ts';
import { startProgress } from '../progress.ts';

export const push: Command = defineCommand({
  name: 'push',
  summary:
    'Put what was trained on the Hugging Face hub, with a model card made from the run; or write the card alone.',
  example: 'counterweight push runs/first --to org/name --private',
  options: z.strictObject({
    run: z.string().min(1).describe('run folder whose result is pushed').meta({ placeholder: 'run' }),
    to: z.string().min(1).optional().describe('where on the hub: org/name').meta({ placeholder: 'org/name' }),
    private: z.boolean().default(false).describe('make the repository private; one that is public is refused'),
    what: z
      .enum(pushedParts)
      .optional()
      .describe('the adapter alone, or the whole model with it in it (default: adapter of a run that trained one)'),
    baseModel: z
      .string()
      .min(1)
      .optional()
      .describe('the base model on the hub, where the run began with a folder')
      .meta({ placeholder: 'org/name' }),
    license: z
      .string()
      .min(1)
      .optional()
      .describe("what it is published under, as the hub names it (default: the base model's, where that says one)")
      .meta({ placeholder: 'id' }),
    datasets: z
      .array(z.string().min(1))
      .optional()
      .describe('data sets on the hub that the rows are from')
      .meta({ placeholder: 'org/name,…' }),
    samples: z
      .boolean()
      .default(false)
      .describe("show outputs for held-out rows in the card, with the rows' own words"),
    cardOnly: z
      .string()
      .min(1)
      .optional()
      .describe('write the card to this file, and push nothing')
      .meta({ placeholder: 'file' }),
  }),
  argument: 'run',
  async run({ cardOnly, to, private: isPrivate, run, ...card }, { core, cwd, terminal, signal }) {
    const options = { ...card, run: resolve(cwd, run), to, signal };
    if (cardOnly !== undefined) {
      const output = resolve(cwd, cardOnly);
      await core.writeModelCard({ ...options, output });
      terminal.print(`Written to ${relative(cwd, output)}\n`);
      return { card: output };
    }
    if (to === undefined) {
      throw optionError('There is no place to push to', '--to', 'Give --to org/name, or --card-only FILE.');
    }
    const progress = startProgress('pushing', terminal);
    const shares = new Map<string, number>();
    const pushed = await core
      .pushToHub({
        ...options,
        to,
        private: isPrivate,
        onProgress: ({ file, done }) => {
          shares.set(file, done);
          progress.update([...shares.values()].filter((share) => share === 1).length, shares.size, file);
        },
      })
      .finally(() => progress.end());
    const { url, files, created } = pushed;
    terminal.print(`${files.length} files are at ${url}${created ? ', which is new' : ''}\n`);
    return pushed;
  },
});
