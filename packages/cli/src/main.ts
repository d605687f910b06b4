#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };
import { commands } from './commands/index.ts';
import { theCore } from './core.ts';
import { exitCodes } from './exit.ts';
import { run } from './run.ts';

/** The first Ctrl-C asks, the second does not. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('\nStopping after this step; Ctrl-C once more stops at once.\n');
    controller.abort();
  });
  return controller.signal;
}

// The reader of a pipe may leave early (`| head`): that is its right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const exitCode = await run(process.argv.slice(2), commands, {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  version: packageJson.version,
  core: theCore,
  abortOnInterrupt,
});

// Engines may keep threads: leave as soon as everything is written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
