import packageJson from '../package.json' with { type: 'json' };
import { commands } from './commands/index.ts';
import { theCore } from './core.ts';
import { exitCodes } from './exit.ts';
import { run } from './run.ts';
import { lastWords, type Speaker } from './worker-output.ts';

/** The command line in a process of its own, from its arguments to its exit code. */
export async function main(signal: AbortSignal): Promise<void> {
  const exitCode = await run(process.argv.slice(2), commands, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    version: packageJson.version,
    core: theCore,
    signal,
  });
  await lastWords(process as Speaker, exitCode, signal);
  // Output that could not be written (`> /dev/full`) is no success: who reads it would take what is missing for nothing.
  const { errored } = process.stdout;
  const lost = errored && (errored as NodeJS.ErrnoException).code !== 'EPIPE';
  // Engines may keep threads: leave as soon as everything is written.
  process.stdout.write('', () =>
    process.stderr.write('', () => process.exit(lost ? exitCode || exitCodes.unexpected : exitCode)),
  );
}
