import { relative, resolve } from 'node:path';
import type { FineTuneResult } from '@counterweight/core';
import { type Command, type Context, defineCommand } from '../command.ts';
import { makeDefaultFolder } from '../default-folder.ts';
import { configFlagOf, type Options, overview, quoted, summary } from '../describe-training.ts';
import { PartlyFailed } from '../exit.ts';
import { openTrackers } from '../open-trackers.ts';
import { optionError } from '../option-error.ts';
import { neverReached, trainingNotes } from '../option-notes.ts';
import { trainingPart, trainOptions } from '../options.ts';
import { configFileIn } from '../recipe-flags.ts';
import { type AnyRecipe, resolveRecipe, sourceOfRecipe } from '../resolve-recipe.ts';
import { Interrupted } from '../signals.ts';
import { untilStopped } from '../until-stopped.ts';
import { watchDownload } from '../watch-download.ts';
import { type TrainingWatcher, watchTraining } from '../watch-training.ts';
import { type Speaker, silenceWorker } from '../worker-output.ts';
import { openEventLog } from '../write-events.ts';

export const train: Command = defineCommand({
  name: 'train',
  summary: 'Fine-tune a model on rows, and write a run folder with the result and its evidence.',
  example: 'counterweight train --recipe support --model ./model --data train.jsonl --eval-split 0.1 --method full',
  options: trainOptions,
  alsoAccepts: trainOptions,
  savesWhenStopped: true,
  async run(options, context) {
    checkTogether(options);
    for (const note of trainingNotes(options, context.given, context.cwd)) context.terminal.note(`note: ${note}`);
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
  { core, cwd, terminal, signal, argv }: Context,
): Promise<Pick<FineTuneResult, 'run' | 'steps' | 'evaluation'>> {
  const { model, adapter, engine, data, evalData, evalSplit, resume, measureForgetting } = options;
  const { workers, shardOptimizer } = options;
  if (workers > 1) {
    silenceWorker(process as Speaker);
    // Before the engine, which shares the processors with the workers beside.
    await core.openWorkers(workers);
  }
  const trackers = openTrackers(options, cwd);
  const opened = await core.openEngine(engine);
  const watcher = watchTraining(terminal, (start) => {
    terminal.note(overview(options, recipe, output, opened.description, start));
    for (const note of neverReached(options, start.steps)) terminal.note(`note: ${note}`);
  });
  const events = openEventLog(options.events, { cwd, append: resume, terminal });
  const training = core.fineTune({
    recipe,
    recipeSource: sourceOfRecipe(options.recipe, cwd),
    command: ['counterweight', ...argv].map(quoted).join(' '),
    model,
    engine,
    onDownload: watchDownload(terminal),
    data,
    output,
    resume,
    workers,
    shardOptimizer,
    measureForgetting,
    signal,
    onEvent: (event) => {
      events.write(event);
      watcher.onEvent(event);
    },
    ...(trackers.length > 0 && { trackers }),
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
    .finally(() => {
      watcher.end();
      events.close();
    });
  const { run, steps, evaluation, evaluationFailure } = result;
  if (signal.aborted) throw stoppedAtTheEnd(signal, result);
  const config = await configFlagOf(options, configFileIn(argv), cwd);
  const words = summary(options, { ...result, run: relative(cwd, run) || '.' }, recipe, config);
  // Where standard output holds the events, it holds nothing else.
  if (options.events === '-') terminal.note(words);
  else terminal.print(words);
  if (evaluationFailure === null) return { run, steps, evaluation };
  const message = `The result is saved, but its evaluation failed: ${evaluationFailure}`;
  throw new PartlyFailed(message, { run, steps, evaluation, evaluationError: evaluationFailure });
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

/** What a signal leaves: how far the run came, and how it goes on. */
function stopped({ reason }: AbortSignal, watcher: TrainingWatcher, output: string): unknown {
  if (!(reason instanceof Interrupted)) return reason;
  const step = watcher.lastStep()?.step ?? 0;
  if (step === 0) return new Interrupted(reason.signal, 'Stopped before the first step.', { step });
  const goOn = watcher.hasSaved() ? ` Go on with the same command and --output ${quoted(output)} --resume.` : '';
  return new Interrupted(reason.signal, `Stopped after step ${step}.${goOn}`, { run: resolve(output), step });
}

/** The signal came when the last step was made: the result is saved, and at most its evaluation is missing. */
function stoppedAtTheEnd({ reason }: AbortSignal, { run, steps, evaluation }: FineTuneResult): unknown {
  if (!(reason instanceof Interrupted)) return reason;
  const message = `Stopped after the last step. The result is saved in ${run}`;
  return new Interrupted(reason.signal, message, { run, step: steps, steps, evaluation });
}
