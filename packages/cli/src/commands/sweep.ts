import { z } from 'zod';
import { type Command, type Context, defineCommand } from '../command.ts';
import { makeDefaultFolder } from '../default-folder.ts';
import { count, duration } from '../format.ts';
import { launch, launchOptions } from '../launch-sweep.ts';
import { optionError } from '../option-error.ts';
import { trainOptions } from '../options.ts';
import { printSweep, type SweepResult } from '../print-sweep.ts';
import { Interrupted } from '../signals.ts';
import { sweepCore } from '../sweep-core-options.ts';
import { folderOption, placeOptions, type SweepFlags, sweepOptions } from '../sweep-options.ts';
import { openPlannedSweep, openSweepPlace, type SweepPlace } from '../sweep-place.ts';
import { watchSweep } from '../watch-sweep.ts';
import { workInProcesses } from '../work-in-processes.ts';
import { indexIn, type Places, workAtIndex, workOptions } from '../work-one-trial.ts';

export const sweep: Command = defineCommand({
  name: 'sweep',
  summary: 'Find out how much the prompt should count: train with several weights and seeds, compare, recommend.',
  example: 'counterweight sweep --recipe support --model ./model --data train.jsonl --method full --learning-rate 3e-3',
  options: z.strictObject({
    ...sweepOptions.shape,
    model: sweepOptions.shape.model.optional(),
    data: sweepOptions.shape.data.optional(),
    report: folderOption.optional().describe('analyse a sweep that is done again, without training'),
    ...launchOptions.shape,
  }),
  alsoAccepts: trainOptions,
  savesWhenStopped: true,
  async run({ report, ...options }, context) {
    if (report !== undefined) return printSweep(await openPlannedSweep(report, context), context);
    const elsewhere = launchOptions.parse(pick(options, launchOptions.shape));
    const place = await plan(required(pick(options, sweepOptions.shape)), context);
    if (elsewhere.launch !== undefined) await launch(place, elsewhere.launch, elsewhere, context);
    else await work(place, options.parallel, context);
    return printSweep(place, context);
  },
});

export const sweepPlan: Command = defineCommand({
  name: 'sweep plan',
  summary: 'The first step of a sweep: check options and rows, and write sweep.json.',
  example: 'counterweight sweep plan --recipe support --model ./model --data train.jsonl --output sweeps/first',
  options: sweepOptions,
  alsoAccepts: trainOptions,
  async run(options, context) {
    const { name, folder } = await plan(options, context);
    context.terminal.print(`Work at it with: counterweight sweep work ${name}\n`);
    const { trials } = await context.core.readSweep(folder);
    return { sweep: name, trials };
  },
});

export const sweepWork: Command = defineCommand({
  name: 'sweep work',
  summary: 'The middle step of a sweep: train and measure what is not done yet. On as many machines as see the folder.',
  example: 'counterweight sweep work sweeps/first',
  options: z.strictObject({
    sweep: folderOption,
    ...placeOptions,
    parallel: sweepOptions.shape.parallel,
    indexFromEnv: z
      .boolean()
      .default(false)
      .describe("in a job array: the one trial that the task's number is of; without a number all of them"),
  }),
  argument: 'sweep',
  savesWhenStopped: true,
  async run({ sweep: folder, parallel, indexFromEnv, ...here }, context) {
    const place = await openPlannedSweep(folder, context, indexFromEnv);
    const index = indexFromEnv ? indexIn(context.env) : undefined;
    if (index !== undefined) return workAtIndex(place, index, here, context);
    await work(place, parallel, context, here);
    const { done, failed } = await context.core.readSweep(place.folder);
    return { sweep: place.name, trials: done.length + failed.length, failed: failed.map(({ trial }) => trial.id) };
  },
});

export const sweepReport: Command = defineCommand({
  name: 'sweep report',
  summary: 'The last step of a sweep: compare its trials, judge the claims, recommend a weight or none.',
  example: 'counterweight sweep report sweeps/first',
  options: z.strictObject({ sweep: folderOption }),
  argument: 'sweep',
  run: async ({ sweep: folder }, context): Promise<SweepResult> =>
    printSweep(await openPlannedSweep(folder, context), context),
});

/** Those of the options that a schema has. */
const pick = <Options extends object>(options: Options, shape: object): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(shape, name))) as Options;

function required({
  model,
  data,
  ...options
}: Omit<SweepFlags, 'model' | 'data'> & { model?: string | undefined; data?: string[] | undefined }): SweepFlags {
  for (const [name, value] of Object.entries({ model, data })) {
    if (value !== undefined) continue;
    const { description } = sweepOptions.shape[name as 'model' | 'data'];
    throw optionError(`--${name} is missing`, 'command line', `Give --${name}: ${description}.`);
  }
  return { ...options, model, data } as SweepFlags;
}

/** Plans, and says what is going to be done. */
async function plan(options: SweepFlags, context: Context): Promise<SweepPlace> {
  const { cwd, core, terminal, given } = context;
  const folder =
    options.output === undefined ? await makeDefaultFolder(cwd, options.recipe, { parent: 'sweeps' }) : undefined;
  const place = await openSweepPlace(options.output ?? (folder?.output as string), context);
  try {
    await place.stored?.pull().catch((error: { code?: unknown }) => {
      // There is none yet.
      if (error.code !== 'file-not-found') throw error;
    });
    const asked = await sweepCore({ ...options, output: place.folder }, { cwd, given: new Set([...given, 'output']) });
    const { trials, steps, plan: made } = await core.planSweep(asked, options.parallel);
    await place.stored?.pushPlan();
    const { train, validation, test } = made.rows;
    terminal.note(
      `${count(trials)} trainings of ${count(Math.round(steps / trials))} steps on ${count(train)} rows; ` +
        `${count(validation)} rows choose, ${count(test)} report. The sweep is in ${place.name}`,
    );
    return place;
  } finally {
    await folder?.release();
  }
}

async function work(place: SweepPlace, parallel: number, context: Context, here: Places = {}): Promise<void> {
  const { core, signal, terminal } = context;
  const { trials, done, open } = await core.readSweep(place.folder);
  const startedAt = Date.now();
  const watcher = watchSweep(terminal, { trials, done: done.length });
  try {
    if (parallel > 1) {
      await core.assertSweepFits(await workOptions(place, here, context), parallel);
      await workInProcesses(place, parallel, { core, signal, onEvent: watcher.onEvent });
    } else {
      await core.workSweep({ ...(await workOptions(place, here, context)), onEvent: watcher.onEvent });
    }
  } catch (error) {
    if (error !== signal.reason || !(error instanceof Interrupted)) throw error;
    const now = (await core.readSweep(place.folder)).done.length;
    const message = `Stopped: ${count(now)} of ${count(trials)} trials are done. Go on with counterweight sweep work ${place.name}`;
    throw new Interrupted(error.signal, message, { sweep: place.name, done: now });
  } finally {
    watcher.end();
  }
  if (open.length > 0) terminal.note(`All trials in ${duration((Date.now() - startedAt) / 1000)}.`);
}
