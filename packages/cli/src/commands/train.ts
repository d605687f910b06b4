import { relative, resolve } from 'node:path';
import { type Evaluation, type MemoryEstimate, peakLearningRate, type TrainingEvent } from '@counterweight/core';
import { type Command, type Context, defineCommand } from '../command.ts';
import { makeDefaultFolder } from '../default-folder.ts';
import { evaluationNotes, evaluationTable } from '../evaluation-table.ts';
import { bytes, count, short, table } from '../format.ts';
import { optionError } from '../option-error.ts';
import { trainingPart, trainOptions } from '../options.ts';
import { type AnyRecipe, resolveRecipe, sourceOfRecipe } from '../resolve-recipe.ts';
import { Interrupted } from '../signals.ts';
import { untilStopped } from '../until-stopped.ts';
import { watchDownload } from '../watch-download.ts';
import { type TrainingWatcher, watchTraining } from '../watch-training.ts';

type Options = ReturnType<(typeof trainOptions)['parse']>;

export const train: Command = defineCommand({
  name: 'train',
  summary: 'Fine-tune a model on rows, and write a run folder with the result and its evidence.',
  example: 'counterweight train --recipe support --model ./model --data train.jsonl --eval-split 0.1 --method full',
  options: trainOptions,
  alsoAccepts: trainOptions,
  savesWhenStopped: true,
  async run(options, context) {
    checkTogether(options);
    const recipe = await resolveRecipe({ ...options, cwd: context.cwd });
    const { output } = options;
    if (output !== undefined) return trainInto(output, recipe, options, context);
    const folder = await makeDefaultFolder(context.cwd, recipe.name);
    return trainInto(folder.output, recipe, options, context).finally(folder.release);
  },
});

async function trainInto(
  output: string,
  recipe: AnyRecipe,
  options: Options,
  { core, cwd, terminal, signal }: Context,
): Promise<Result> {
  const { model, adapter, engine, data, evalData, evalSplit, resume } = options;
  const opened = await core.openEngine(engine);
  const watcher = watchTraining(terminal, (start) => {
    terminal.note(overview(options, recipe, output, opened.description, start));
  });
  const training = core.fineTune({
    recipe,
    recipeSource: sourceOfRecipe(options.recipe, cwd),
    model,
    engine,
    onDownload: watchDownload(terminal),
    data,
    output,
    resume,
    signal,
    onEvent: watcher.onEvent,
    training: trainingPart(options),
    ...(adapter === undefined ? {} : { adapter }),
    ...(evalData === undefined ? {} : { evalData }),
    ...(evalSplit === undefined ? {} : { evalSplit }),
  });
  const result = await untilStopped(training, signal, watcher.hasBegun)
    .catch((error: unknown) => {
      // An error of its own is told as such, also after a signal.
      throw error === signal.reason ? stopped(signal, watcher, output) : error;
    })
    .finally(watcher.end);
  const { run, steps, evaluation } = result;
  if (signal.aborted) throw stoppedAtTheEnd(signal, { run, steps, evaluation });
  const { maxNewTokens } = recipe.defaults;
  terminal.print(summary(options, { ...result, run: relative(cwd, run) || '.', maxNewTokens }, watcher));
  return { run, steps, evaluation };
}

function checkTogether({ evalData, evalSplit, resume, output, promptLossWeight, promptLossFraction }: Options): void {
  if (evalData !== undefined && evalSplit !== undefined) {
    throw optionError('There are two sources of rows to evaluate on', '--eval-data, --eval-split', 'Give one of them.');
  }
  if (promptLossWeight !== undefined && promptLossFraction !== undefined) {
    const where = '--prompt-loss-weight, --prompt-loss-fraction';
    throw optionError("The prompt's part in the loss is said twice", where, 'Give one of them.');
  }
  if (resume && output === undefined) {
    throw optionError('There is no run to go on with', '--resume', 'Name its folder: --output runs/…');
  }
}

/** What is about to happen, before it takes its time. */
function overview(
  options: Options,
  recipe: AnyRecipe,
  output: string,
  engine: string,
  { steps, examples, trainableParameters, memory }: TrainingEvent & { type: 'start' },
): string {
  const { method, adapter, loraRank, loraAlpha, dora, batchSize, gradientAccumulation, packing, schedule, seed } =
    options;
  const fresh = ` rank ${loraRank}, alpha ${short(loraAlpha)}${dora ? ', DoRA' : ''}`;
  const adapters = adapter === undefined ? fresh : `, going on with ${adapter}`;
  const lines = [
    ['recipe', recipe.name],
    ['model', options.model],
    ['engine', engine],
    ['method', `${method}${method === 'lora' ? adapters : ''}, ${count(trainableParameters)} parameters to train`],
    ['data', `${count(examples)} examples from ${options.data.join(', ')}`],
    [
      'steps',
      `${count(steps)} of ${batchSize}${gradientAccumulation > 1 ? ` × ${gradientAccumulation}` : ''} ${packing === 'none' ? 'examples' : `packed rows (${packing})`}`,
    ],
    ['weights', weightsInWords(options, recipe)],
    ['learning rate', `${peakLearningRate(options)}, ${schedule}`],
    ['memory', memoryInWords(memory)],
    ['seed', String(seed)],
    ['run folder', output],
  ];
  return table(lines);
}

/** The peak that is to be expected, and its two parts that options decide. */
function memoryInWords({ total, optimizer, activations }: MemoryEstimate): string {
  return `about ${bytes(total)}: ${bytes(activations)} for the tokens of a batch, ${bytes(optimizer)} for the optimizer`;
}

function weightsInWords(options: Options, { defaults }: AnyRecipe): string {
  const { promptLossWeight, promptLossFraction, templateLossWeight } = options;
  const others = `template ${short(templateLossWeight)}, completion 1`;
  if (promptLossFraction !== undefined)
    return `prompt so that it makes up ${short(promptLossFraction)} of the total, ${others}`;
  const source = promptLossWeight === undefined ? " (the recipe's)" : '';
  return `prompt ${short(promptLossWeight ?? defaults.promptLossWeight)}${source}, ${others}`;
}

interface Result {
  readonly run: string;
  readonly steps: number;
  readonly evaluation: Evaluation | null;
}

/** Before and after where both were measured, where the result lies, and what to do with it. */
function summary(
  options: Options,
  { run, steps, evaluation, maxNewTokens }: Result & { readonly maxNewTokens: number },
  { evaluations }: TrainingWatcher,
): string {
  const before = evaluations.get(0);
  const measured = evaluation
    ? `${evaluationTable({ ...(before ? { before } : {}), [before ? 'after' : 'tuned']: evaluation })}${evaluationNotes(evaluation, maxNewTokens)}\n`
    : '';
  const ofRecipe = options.recipeOptions ? ` --recipe-options ${quoted(JSON.stringify(options.recipeOptions))}` : '';
  const recipe = `--recipe ${quoted(options.recipe)}${ofRecipe}`;
  const model =
    options.method === 'lora'
      ? `--model ${quoted(options.model)} --adapter ${quoted(`${run}/adapter`)}`
      : `--model ${quoted(`${run}/model`)}`;
  const format = options.format === 'auto' ? '' : ` --format ${options.format}`;
  const input = options.recipe === 'plain' ? "--prompt '…'" : "--row '{…}'";
  return [
    `${measured}${count(steps)} steps. The run is in ${run}\n`,
    'Next:',
    `  counterweight generate ${recipe} ${model}${format} ${input}`,
    `  counterweight evaluate ${recipe} ${model}${format} --data ${options.evalData?.map(quoted).join(' ') ?? 'FILE'}`,
    '',
  ].join('\n');
}

/** As a shell reads it. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** What a signal leaves: how far the run came, and how it goes on. */
function stopped({ reason }: AbortSignal, watcher: TrainingWatcher, output: string): unknown {
  if (!(reason instanceof Interrupted)) return reason;
  const step = watcher.lastStep()?.step ?? 0;
  if (step === 0) return new Interrupted(reason.signal, 'Stopped before the first step.', { step });
  const goOn = watcher.hasCheckpoint() ? ` Go on with the same command and --output ${quoted(output)} --resume.` : '';
  return new Interrupted(reason.signal, `Stopped after step ${step}.${goOn}`, { run: resolve(output), step });
}

/** The signal came when nothing was left to do but to save, and that is done. */
function stoppedAtTheEnd({ reason }: AbortSignal, result: Result): unknown {
  if (!(reason instanceof Interrupted)) return reason;
  return new Interrupted(reason.signal, `The run is finished, and saved in ${result.run}`, { ...result });
}
