import { trainingOptionsSchema, type Verification } from '@counterweight/core';
import { z } from 'zod';
import { type Command, type Context, defineCommand } from '../command.ts';
import { watchEvaluation } from '../evaluation-progress.ts';
import { PartlyFailed } from '../exit.ts';
import { flagName } from '../flags.ts';
import { optionError } from '../option-error.ts';
import {
  adapterOption,
  modelOptions,
  rowFiles,
  rowOptions,
  trainingPart,
  trainOptions,
  weightOptions,
} from '../options.ts';
import { startProgress } from '../progress.ts';
import { findRecipeFrom, resolveRecipe } from '../resolve-recipe.ts';
import { conclusion, printCheck, printRows, scale } from '../verify/print-check.ts';
import { watchDownload } from '../watch-download.ts';

/** Options of training that decide what a step computes. */
const stepOptions = trainingOptionsSchema.pick({
  method: true,
  loraRank: true,
  loraAlpha: true,
  loraTargets: true,
  rsLora: true,
  loraPlusRatio: true,
  dora: true,
  loraDropout: true,
  modulesToSave: true,
  labelSmoothing: true,
  neftuneAlpha: true,
  learningRate: true,
  gradientAccumulation: true,
  longAnswers: true,
  seed: true,
}).shape;

const options = z.strictObject({
  run: z
    .string()
    .min(1)
    .optional()
    .describe('a finished run: its files are compared with their hashes, and its evaluation is repeated')
    .meta({ placeholder: 'run' }),
  ...modelOptions,
  model: modelOptions.model.optional(),
  ...adapterOption,
  data: rowFiles('rows to train on').optional(),
  ...weightOptions,
  ...rowOptions,
  ...stepOptions,
});

type Options = z.output<typeof options>;

export const verify: Command = defineCommand({
  name: 'verify',
  summary:
    'Check on your own rows and model that batch size, packing, resuming, merging and the like change nothing; or check a finished run.',
  example: 'counterweight verify --recipe support --model ./model --data train.jsonl',
  options,
  argument: 'run',
  alsoAccepts: trainOptions,
  async run(options, context) {
    const { run } = options;
    const verification =
      run === undefined ? await verifyRows(options, context) : await verifyRun(run, options, context);
    const words = conclusion(verification.checks);
    if (!verification.pass) throw new PartlyFailed(words, { ...verification });
    context.terminal.print(`\n${words}\n${scale(verification.checks)}`);
    return verification;
  },
});

async function verifyRows(options: Options, { core, cwd, terminal, signal }: Context): Promise<Verification> {
  const { model, adapter, data, engine, method, loraRank, dora } = options;
  if (model === undefined && data === undefined) {
    const fix = 'Give --model and --data, or the folder of a finished run.';
    throw optionError('There is nothing to verify', 'command line', fix);
  }
  if (model === undefined || data === undefined) {
    const missing = model === undefined ? '--model' : '--data';
    throw optionError(`${missing} is missing`, 'command line', `Give ${missing}, or the folder of a finished run.`);
  }
  const recipe = await resolveRecipe({ ...options, cwd });
  const kind = dora ? 'DoRA' : 'LoRA';
  const lora = adapter === undefined ? `${kind} of rank ${loraRank}` : 'the adapter';
  const trained = method === 'full' ? 'every weight trained' : lora;
  return core.verify({
    ...{ recipe, model, data, engine, signal },
    ...(adapter === undefined ? {} : { adapter }),
    training: trainingPart(options),
    onDownload: watchDownload(terminal),
    onBegin: ({ engine, precision, ...rows }) =>
      terminal.print(
        printRows(rows, { recipe: recipe.name, trained: `${trained}, in ${precision}`, engine }, terminal),
      ),
    ...watchChecks({ terminal }),
  });
}

async function verifyRun(
  run: string,
  { recipe, engine }: Options,
  { core, cwd, terminal, signal, given }: Context,
): Promise<Verification> {
  const alone = ['recipe', 'engine', 'run'];
  const other = [...given].find((name) => Object.hasOwn(options.shape, name) && !alone.includes(name));
  if (other !== undefined) {
    const fix = 'Leave the run out, to check how training would be with these options; or leave the other out.';
    throw optionError('A finished run brings its own model, rows and options', flagName(other), fix);
  }
  terminal.print(`${terminal.colors.bold(`Verifying ${run}`)}\n\n`);
  return core.verifyRun({
    ...{ run, signal, findRecipe: findRecipeFrom(cwd) },
    ...(given.has('recipe') && { recipe }),
    ...(given.has('engine') && { engine }),
    onEvaluation: watchEvaluation(terminal).update,
    ...watchChecks({ terminal }),
  });
}

/** A bar while they are made, and a line for each that is. */
function watchChecks({
  terminal,
}: Pick<Context, 'terminal'>): Pick<Parameters<Context['core']['verify']>[0], 'onProgress' | 'onCheck'> {
  const progress = startProgress('checking', terminal);
  return {
    onProgress: (name, done, of) => progress.update(done, of, name),
    onCheck(check) {
      progress.end();
      terminal.print(printCheck(check, terminal));
    },
  };
}
