import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { ModelToHold } from '@counterweight/core';
import { z } from 'zod';
import { type Command, type Context, defineCommand } from '../command.ts';
import { optionError } from '../option-error.ts';
import { modelOptions, trainingPart, weightOptions } from '../options.ts';
import { findRecipeFrom, resolveRecipe } from '../resolve-recipe.ts';
import { watchDownload } from '../watch-download.ts';

const named = 'NAME=… gives it another name than that of its folder';

const options = z.strictObject({
  runs: z
    .array(z.string().min(1))
    .default([])
    .describe(`folders of finished runs, each served under its name; ${named}`)
    .meta({ placeholder: 'run', variadic: true }),
  ...modelOptions,
  model: modelOptions.model
    .optional()
    .describe(`beside or in place of runs: a model's folder, GGUF file or hub id; ${named}`),
  adapter: z
    .array(z.string().min(1))
    .default([])
    .describe(`adapters to serve on --model, by folder or hub id; ${named}`)
    .meta({ placeholder: 'folder', variadic: true }),
  port: z.int().min(0).max(65_535).default(0).describe('at 127.0.0.1; 0 takes one that is free'),
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('what requests have to bring (default: COUNTERWEIGHT_API_KEY, else nothing)')
    .meta({ placeholder: 'key' }),
  format: weightOptions.format,
  templateDate: weightOptions.templateDate,
});

type Options = z.output<typeof options>;

export const serve: Command = defineCommand({
  name: 'serve',
  summary: "Answer OpenAI's clients at this machine, with runs, models and adapters by name; Ctrl-C ends it.",
  example: 'counterweight serve runs/first runs/second --port 8080',
  options,
  argument: 'runs',
  savesWhenStopped: true,
  async run(given, context) {
    const { core, terminal, signal } = context;
    const models = await modelsToServe(given, context);
    const held = await core.holdModels({ models, engine: given.engine, signal, onDownload: watchDownload(terminal) });
    try {
      const { serveModels } = await import('@counterweight/serve');
      const serving = await serveModels(held, {
        port: given.port,
        apiKey: given.apiKey ?? (process.env.COUNTERWEIGHT_API_KEY || undefined),
        onError: (error) => terminal.note(`error: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
      });
      const { address } = serving;
      if (context.argv.includes('--json')) terminal.json({ address });
      else terminal.print(`${address}\n`);
      terminal.note(`Serving ${held.names.join(', ')}; base URL for clients: ${address}/v1`);
      await untilAborted(signal);
      await serving.close();
      return { address, models: held.names };
    } finally {
      await held.close();
    }
  },
});

async function modelsToServe(given: Options, context: Context): Promise<ModelToHold[]> {
  const { runs, model, adapter } = given;
  if (model === undefined && adapter.length > 0) {
    const fix = 'Give --model, the model that it was trained on; or the run, which knows it.';
    throw optionError('--adapter has no model', 'command line', fix);
  }
  if (model === undefined && runs.length === 0) {
    throw optionError('There is nothing to serve', 'command line', 'Give the folder of a run, or --model.');
  }
  const ofRuns = await Promise.all(runs.map((run) => modelOfRun(run, context, given)));
  return [...ofRuns, ...(model === undefined ? [] : await modelWithAdapters(model, context, given))];
}

/** Read as the run read it, but for what is asked for here. */
async function modelOfRun(run: string, { core, cwd, given: names }: Context, given: Options): Promise<ModelToHold> {
  const { name, place } = splitName(run);
  const own = await core.modelOfRun(resolve(cwd, place), {
    ...(name !== undefined && { name }),
    ...(names.has('recipe') && { recipe: given.recipe }),
    findRecipe: findRecipeFrom(cwd),
  });
  const asked = Object.entries(trainingPart(given)).filter(([option]) => names.has(option));
  return { ...own, training: { ...own.training, ...Object.fromEntries(asked) } };
}

/** The model as it is, and with each of the adapters. */
async function modelWithAdapters(model: string, { cwd }: Context, given: Options): Promise<ModelToHold[]> {
  const recipe = await resolveRecipe({ ...given, cwd });
  const { name, place } = splitName(model);
  const shared = { model: place, recipe, training: trainingPart(given) };
  const ofAdapters = given.adapter.map((adapter) => {
    const own = splitName(adapter);
    return { ...shared, name: own.name ?? nameOf(own.place, cwd), adapter: own.place };
  });
  return [{ ...shared, name: name ?? nameOf(place, cwd) }, ...ofAdapters];
}

/** `NAME=PLACE`, where the name is no path. */
function splitName(text: string): { readonly name: string | undefined; readonly place: string } {
  const [, name, place = text] = /^([^=/\\]+)=(.+)$/.exec(text) ?? [];
  return { name, place };
}

/** What is not here is on the hub, where its id is its name; of a folder it is the last part, and of a run's `adapter` the run's. */
function nameOf(place: string, cwd: string): string {
  const path = resolve(cwd, place);
  if (!existsSync(path)) return place;
  const isPart = ['adapter', 'model'].includes(basename(path));
  return basename(isPart ? dirname(path) : path, '.gguf');
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((end) => {
    if (signal.aborted) end();
    else signal.addEventListener('abort', () => end(), { once: true });
  });
