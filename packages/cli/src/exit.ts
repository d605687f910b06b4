import { isRowError, UserError } from '@counterweight/core';
import { CommanderError } from 'commander';
import { z } from 'zod';

/** `continueMe` (sysexits' EX_TEMPFAIL): a worker was ended before its trial was done, and the next one goes on with it. */
export const exitCodes = { success: 0, unexpected: 1, userMistake: 2, continueMe: 75 } as const;

/** What the command made is there, but not all that it was to do is done: `--json` prints what there is. */
export class PartlyFailed extends Error {
  override readonly name = 'PartlyFailed';
  readonly result: Readonly<Record<string, unknown>>;

  constructor(message: string, result: Readonly<Record<string, unknown>>) {
    super(message);
    this.result = result;
  }
}

/** What to tell the user about an error, and what to tell the shell. */
export function explain(error: unknown): { exitCode: number; message: string; code: string } {
  const mistake = exitCodes.userMistake;
  if (error instanceof CommanderError)
    return { exitCode: mistake, message: parserMessage(error), code: 'option-invalid' };
  if (error instanceof z.ZodError) {
    return { exitCode: mistake, message: z.prettifyError(error), code: 'option-invalid' };
  }
  if (isUserError(error)) return { exitCode: mistake, message: error.message, code: error.code };
  // A row of the command line's own (`--row`); rows from files come with file and number in a UserError.
  if (isRowError(error)) {
    return {
      exitCode: mistake,
      message: `${error.message}\n  where: field "${error.field}"\n  fix:   Mend the row.`,
      code: 'row-invalid',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  // A recipe's own mistakes carry their fix: what its metrics need is not there.
  if (error instanceof Error && 'fix' in error && typeof error.fix === 'string') {
    const fixed = message.includes(error.fix) ? message : `${message}\n  fix:   ${error.fix}`;
    return { exitCode: mistake, message: fixed, code: 'recipe-invalid' };
  }
  return { exitCode: exitCodes.unexpected, message, code: 'unexpected' };
}

/** By name too: a recipe may bring its own copy of core. */
const isUserError = (error: unknown): error is UserError =>
  error instanceof UserError || (error instanceof Error && error.name === 'UserError' && 'code' in error);

/** `error: unknown option '--modle'\n(Did you mean --model?)` as the other mistakes are worded. */
function parserMessage({ message, code }: CommanderError): string {
  // A group without a command (`counterweight engine`) has shown its help.
  if (code === 'commander.help')
    return 'no command was named\n  where: command line\n  fix:   Name one of the commands above.';
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const fix = suggestion?.replace(/^\((.*)\)$/, '$1') ?? '--help says how the command is written.';
  return `${problem}\n  where: command line\n  fix:   ${fix}`;
}
