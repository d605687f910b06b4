import { cancelSweep, launchSweep, RETRIES } from '@counterweight/launch';
import { z } from 'zod';
import type { Context } from './command.ts';
import { count, counted } from './format.ts';
import { executorOptions, jobOf, jobOptions, launchers, openExecutor } from './launch-options.ts';
import { Interrupted } from './signals.ts';
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
  sweep: string,
  launcher: NonNullable<LaunchFlags['launch']>,
  { retries, ...options }: LaunchFlags,
  { core, terminal, signal, env }: Context,
): Promise<void> {
  const executor = openExecutor(launcher, options, env);
  const { program, ...job } = jobOf(launcher, options);
  const before = await core.readSweep(sweep);
  const watcher = watchSweep(terminal, { trials: before.trials, done: before.done.length });
  try {
    await launchSweep({
      ...{ sweep, executor, retries, signal },
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
    const { done, trials } = await core.readSweep(sweep);
    const message = `${count(done.length)} of ${count(trials)} trials are done. What is submitted runs on: the same command looks on again, and counterweight sweep cancel ${sweep} --launch ${launcher} ends it.`;
    throw new Interrupted(error.signal, message, { sweep, done: done.length });
  } finally {
    watcher.end();
  }
}

/** Ends what `launch` has submitted. */
export const cancel = (
  sweep: string,
  launcher: NonNullable<LaunchFlags['launch']>,
  options: z.output<z.ZodObject<typeof executorOptions>>,
  { env }: Context,
): Promise<void> => cancelSweep({ sweep, executor: openExecutor(launcher, options, env) });
