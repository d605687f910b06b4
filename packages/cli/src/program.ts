import { trainingOptionsSchema } from '@counterweight/core';
import { Command as Parser } from 'commander';
import type { Command, Context } from './command.ts';
import { readConfig } from './config.ts';
import { commanderOption, type Flag, flagName, flagsOf, flagValue } from './flags.ts';
import { rowOptions, weightOptions } from './options.ts';
import { resolveOptions } from './resolve-options.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

interface Invocation {
  readonly command: Command;
  /** Flags of the recipe that was asked for: its own options. */
  readonly recipeFlags: readonly Flag[];
  readonly given: Readonly<Record<string, unknown>>;
}

interface Output {
  out(text: string): void;
  error(text: string): void;
}

interface ProgramParts {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly output: Output;
  readonly recipeFlags: readonly Flag[];
}

/**
 * The commands as one parser. `invoke` is called with the command that was asked for and what stood on the command
 * line; help and mistakes leave as commander's own errors.
 */
export function buildParser(
  { commands, version, output, recipeFlags }: ProgramParts,
  invoke: (invocation: Invocation) => Promise<void>,
): Parser {
  const root = configure(new Parser('counterweight'), output)
    .description('Fine-tune language models, with a say in how much the prompt counts.')
    // What stands after a command's name is the command's, and after a step's the step's.
    .enablePositionalOptions()
    .version(version, '--version', 'print the version');
  const groups = new Map<string, Parser>();
  const whole = new Map<string, Parser>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    const summary = `${second}: ${command.summary}`;
    // Steps of a command that does all of it stand below it; others are a group, which does nothing by itself.
    const above = whole.get(first) ?? (second && groupOf(root, groups, { name: first, summary }, output));
    const parser = second ? (above as Parser).command(second) : root.command(first);
    if (!second) whole.set(first, parser.enablePositionalOptions());
    const ofRecipe = Object.hasOwn(command.options.shape, 'recipe') ? recipeFlags : [];
    // commander hands over the arguments, then the options, then itself.
    describe(configure(parser, output), command, ofRecipe).action((...received) => {
      const [first] = received;
      const isThere = command.argument !== undefined && !(Array.isArray(first) && first.length === 0);
      const argument = isThere ? { [command.argument as string]: first } : {};
      return invoke({ command, recipeFlags: ofRecipe, given: { ...received.at(-2), ...argument } });
    });
  }
  root.addHelpText('after', '\nEvery command has --help with an example.');
  return root;
}

function groupOf(
  root: Parser,
  groups: Map<string, Parser>,
  { name, summary }: { name: string; summary: string },
  output: Output,
): Parser {
  const group = groups.get(name) ?? configure(root.command(name), output);
  groups.set(name, group);
  return group.description([group.description(), summary].filter(Boolean).join(' '));
}

function configure(parser: Parser, output: Output): Parser {
  return parser
    .exitOverride()
    .allowExcessArguments(false)
    .helpOption('--help', 'show this help')
    .configureHelp({ optionDescription: ({ description }) => description })
    .configureOutput({ writeOut: output.out, writeErr: output.error, outputError: () => {} });
}

function describe(parser: Parser, command: Command, recipeFlags: readonly Flag[]): Parser {
  parser.description(command.summary).addHelpText('after', `\nExample:\n  $ ${command.example}`);
  for (const flag of flagsOf(command.options)) {
    const several = flag.kind === 'variadic' ? '...' : '';
    if (flag.name === command.argument) parser.argument(`[${flag.placeholder}${several}]`, flag.description);
    else parser.addOption(commanderOption(flag).helpGroup(helpGroup(flag)));
  }
  for (const flag of recipeFlags) parser.addOption(commanderOption(flag).helpGroup("The recipe's own options:"));
  for (const flag of otherFlags(command)) parser.addOption(commanderOption(flag).hideHelp());
  if (command.alsoAccepts) {
    parser.option('--config <file>', 'options from a .ts, .js, .json or .yaml file, in camelCase; flags win');
  }
  return parser
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--debug', 'show where an unexpected error came from');
}

function helpGroup({ name }: Flag): string {
  if (Object.hasOwn({ ...weightOptions, ...rowOptions }, name)) return 'Weights and lengths:';
  return Object.hasOwn(trainingOptionsSchema.shape, name) ? 'Training:' : 'What and where:';
}

/** What the command accepts without effect. */
function otherFlags({ options, alsoAccepts }: Command): Flag[] {
  return alsoAccepts ? flagsOf(alsoAccepts).filter(({ name }) => !Object.hasOwn(options.shape, name)) : [];
}

/** Runs a command with what the user gave it: flags before file before defaults. @returns what `--json` prints */
export async function runCommand(
  { command, recipeFlags, given }: Invocation,
  world: Omit<Context, 'given'>,
): Promise<unknown> {
  const { terminal, cwd } = world;
  const without = otherFlags(command);
  const flags = [...flagsOf(command.options), ...without];
  const values = valuesOf(flags, given);
  const configFile = typeof given.config === 'string' ? given.config : undefined;
  const config = configFile === undefined ? undefined : await readConfig(configFile, cwd);
  const { threads, ...options } = resolveOptions(command, { flags: Object.fromEntries(values), config, configFile });
  if (typeof threads === 'number') world.core.useThreads(threads);
  noteWithoutEffect(
    command,
    values.map(([name]) => name).filter((name) => without.some((flag) => flag.name === name)),
    terminal,
  );
  const ofRecipe = Object.fromEntries(valuesOf(recipeFlags, given));
  const context = { ...world, given: new Set([...values.map(([name]) => name), ...Object.keys(config ?? {})]) };
  const own = { ...(options.recipeOptions as object), ...ofRecipe };
  const result = command.run(
    Object.keys(ofRecipe).length === 0 ? options : { ...options, recipeOptions: own },
    context,
  );
  return command.savesWhenStopped ? result : untilStopped(result, context.signal);
}

/** What stood on the command line, by the names of the options. */
function valuesOf(flags: readonly Flag[], given: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return flags.flatMap((flag) =>
    given[flag.name] === undefined ? [] : [[flag.name, flagValue(flag, given[flag.name])]],
  );
}

function noteWithoutEffect(command: Command, names: readonly string[], terminal: Terminal): void {
  if (names.length > 0) terminal.note(`note: ${names.map(flagName).join(', ')} changes nothing in ${command.name}`);
}
