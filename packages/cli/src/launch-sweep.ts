import type { SweepPlan } from '@counterweight/core';
import { cancelSweep, isObjectUrl, launchSweep, RETRIES, storageAccess } from '@counterweight/launch';
import { z } from 'zod';
import type { Context } from './command.ts';
import { count, counted } from './format.ts';
import { executorOptions, jobOf, jobOptions, launchers, openExecutor } from './launch-options.ts';
import { Interrupted } from './signals.ts';
import type { SweepCommand } from './sweep-core-options.ts';
import type { SweepPlace } from './sweep-place.ts';
import { watchSweep } from './watch-sweep.ts';

/** The options of `sweep --launch`, beside those of the sweep. */
export const launchOptions = z.strictObject({
  launch: z.enum(launchers).optional().describe('have the trials done there, look on, and report'),
  retries: z
    .int()
    .min(0)
    .default(RETRIES)
    .describe('with --launch: how often a trial that ended without being done is submitted again'),
  ...jobOptions,
  ...executorOptions,
});

type LaunchFlags = z.output<typeof launchOptions>;

/** Has a sweep that is planned done elsewhere, and looks on until it is. */
export async function launch(
  { name, folder, stored }: SweepPlace,
  launcher: NonNullable<LaunchFlags['launch']>,
  { retries, ...options }: LaunchFlags,
  { core, terminal, signal, env }: Context,
): Promise<void> {
  const { program, ...job } = jobOf(launcher, options);
  const before = await core.readSweep(folder);
  const isStored = stored !== undefined;
  const access = isStored || namesObjects(before.plan) ? storageAccess(env) : undefined;
  const executor = openExecutor(launcher, options, { env, isStored, access });
  const watcher = watchSweep(terminal, { trials: before.trials, done: before.done.length });
  try {
    await launchSweep({
      ...{ sweep: stored ?? folder, executor, retries, signal },
      ...job,
      command: [...program, 'worker'],
      onEvent(event) {
        if (event.type === 'submitted') {
          const again = event.isAgain ? ', which had ended without being done' : '';
          terminal.note(`${counted(event.trials, 'trial')} submitted to ${launcher}${again}: job ${event.job}`);
        } else if (event.type === 'unreachable') terminal.note(`asked again in a moment: ${event.message}`);
        else watcher.onEvent(event);
      },
    });
  } catch (error) {
    if (error !== signal.reason || !(error instanceof Interrupted)) throw error;
    const { done, trials } = await core.readSweep(folder);
    const message = `${count(done.length)} of ${count(trials)} trials are done. What is submitted runs on: the same command looks on again, and counterweight sweep cancel ${name} --launch ${launcher} ends it.`;
    throw new Interrupted(error.signal, message, { sweep: name, done: done.length });
  } finally {
    watcher.end();
  }
}

/** Whether a sweep was planned with a model or rows in object storage. */
const namesObjects = ({ command }: SweepPlan): boolean => {
  const { options = {} } = (command ?? {}) as Partial<SweepCommand>;
  return Object.values(options)
    .flat()
    .some((value) => typeof value === 'string' && isObjectUrl(value));
};

/** Ends what `launch` has submitted. */
export const cancel = (
  { folder, stored }: SweepPlace,
  launcher: NonNullable<LaunchFlags['launch']>,
  options: z.output<z.ZodObject<typeof executorOptions>>,
  { env }: Context,
): Promise<void> =>
  cancelSweep({
    sweep: stored ?? folder,
    executor: openExecutor(launcher, options, { env, isStored: stored !== undefined }),
  });
