import type { z } from 'zod';
import type { Core } from './core.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given to work with; tests hand in their own. */
export interface Context {
  readonly terminal: Terminal;
  readonly core: Core;
  /** Folder that relative paths and recipe packages are looked up from. */
  readonly cwd: string;
  /** The process's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user asks the program to end (Ctrl-C, SIGTERM, SIGHUP), with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
  /** Names of the options that the user gave, in a flag or in the file; the others have their defaults. */
  readonly given: ReadonlySet<string>;
  /** What stood on the command line, word by word. */
  readonly argv: readonly string[];
}

/** One command. Its flags, their types, defaults and help are its schema. */
export interface Command<Options extends z.ZodObject = z.ZodObject> {
  /** As typed: `engine install`. */
  readonly name: string;
  readonly summary: string;
  /** A command line that works, for the help. */
  readonly example: string;
  readonly options: Options;
  /** The option whose value stands by itself, without a flag: `export RUN`; several of them, where it is variadic. */
  readonly argument?: string;
  /**
   * Options of another command that change nothing in this one, but are no mistake: `train`'s in `preview`, so that a
   * command line or a config file serves both. A command that accepts them takes `--config`.
   */
  readonly alsoAccepts?: z.ZodObject;
  /** After a signal it ends by itself, when what it has made is saved; other commands are left after a moment. */
  readonly savesWhenStopped?: boolean;
  /** @returns what `--json` prints. */
  run(options: z.output<Options>, context: Context): Promise<unknown>;
}

/** Keeps the schema's type, so that `run` sees its options typed. */
export const defineCommand = <Options extends z.ZodObject>(command: Command<Options>): Command<Options> => command;
