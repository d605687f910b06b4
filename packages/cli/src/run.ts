import { printable } from '@counterweight/core';
import { CommanderError } from 'commander';
import type { Command, Context } from './command.ts';
import { exitCodes, explain, PartlyFailed } from './exit.ts';
import type { Flag } from './flags.ts';
import { inFlags } from './in-flags.ts';
import { buildParser, runCommand } from './program.ts';
import { recipeFlags } from './recipe-flags.ts';
import { Interrupted } from './signals.ts';
import { openTerminal, type TerminalStreams } from './terminal.ts';
import { unknownFlags } from './unknown-options.ts';

/** Everything outside the program that it touches. */
export interface World extends TerminalStreams, Omit<Context, 'terminal' | 'given' | 'argv'> {
  readonly version: string;
}

/** The command line from end to end. @returns the exit code; throws nothing. */
export async function run(argv: readonly string[], commands: readonly Command[], world: World): Promise<number> {
  const json = argv.includes('--json');
  const terminal = openTerminal(world, json);
  const output = {
    out: (text: string) => void world.stdout.write(printable(text)),
    error: (text: string) => void world.stderr.write(printable(text)),
  };
  let ofRecipe: readonly Flag[] = [];
  const printJson = (value: unknown) => void (json && terminal.json(value));
  try {
    world.signal.throwIfAborted();
    ofRecipe = await recipeFlags(argv, commands, world.cwd);
    const parser = buildParser(
      { commands, version: world.version, output, recipeFlags: ofRecipe },
      async (invocation) => {
        printJson(await runCommand(invocation, { ...world, terminal, argv }));
      },
    );
    await parser.parseAsync([...argv], { from: 'user' });
    return exitCodes.success;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success;
    terminal.status('');
    if (error instanceof Interrupted) {
      terminal.note(error.message);
      const { signal, message, facts, exitCode } = error;
      printJson({ error: { code: 'interrupted', message, signal, ...facts } });
      return exitCode;
    }
    if (error instanceof PartlyFailed) {
      terminal.note(`${terminal.noteColors.red('error:')} ${printable(error.message)}`);
      printJson(error.result);
      return exitCodes.unexpected;
    }
    const { exitCode, code, ...explained } = explain(unknownFlagsIn(error, argv, commands, ofRecipe) ?? error);
    const message = inFlags(explained.message, commands, ofRecipe);
    const debug = argv.includes('--debug') || world.env.COUNTERWEIGHT_DEBUG === '1';
    terminal.note(`${terminal.noteColors.red('error:')} ${printable(message)}`);
    if (debug && error instanceof Error) terminal.note(error.stack ?? '');
    else if (exitCode === exitCodes.unexpected) terminal.note('  --debug shows where it came from.');
    printJson({ error: { code, message } });
    return exitCode;
  }
}

/** The parser names the first flag that it does not know; these are all of them. */
function unknownFlagsIn(
  error: unknown,
  argv: readonly string[],
  commands: readonly Command[],
  ofRecipe: readonly Flag[],
): Error | undefined {
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownOption') return undefined;
  const named = (name: string) => commands.find((command) => command.name === name);
  const command = named(argv.slice(0, 2).join(' ')) ?? named(argv[0] ?? '');
  if (!command) return undefined;
  const { options, alsoAccepts } = command;
  const own = [...Object.keys({ ...alsoAccepts?.shape, ...options.shape }), ...ofRecipe.map(({ name }) => name)];
  return unknownFlags(argv, own);
}
