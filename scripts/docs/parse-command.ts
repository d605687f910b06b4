import { commands } from '../../packages/cli/src/commands/index.ts';
import { theCore } from '../../packages/cli/src/core.ts';
import { run } from '../../packages/cli/src/run.ts';

/** The real commands, which do nothing once they have been understood. */
const idle = commands.map((command) => ({ ...command, run: async () => undefined }));

/**
 * What the command line has to say against a command: names, flags, values, the recipe's own options, the config file.
 * @param argv what follows `counterweight`
 * @param cwd the folder that it would be given in
 * @returns nothing where it would be done
 */
export async function complaintAbout(argv: readonly string[], cwd: string): Promise<string | undefined> {
  const said: string[] = [];
  const stream = { isTTY: false, columns: 80, write: (text: string) => void said.push(text) };
  const exitCode = await run(argv, idle, {
    ...{ stdout: stream, stderr: stream, env: {}, cwd, version: '', core: theCore },
    signal: new AbortController().signal,
  });
  return exitCode === 0 ? undefined : said.join('');
}
