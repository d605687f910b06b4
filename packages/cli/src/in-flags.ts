import type { Command } from './command.ts';
import { type Flag, flagName } from './flags.ts';

/** Core says `option splitBy`, as programs write it; on the command line it is `--split-by`. */
export function inFlags(message: string, commands: readonly Command[], ofRecipe: readonly Flag[] = []): string {
  const ofCommands = commands.flatMap(({ options }) => Object.keys(options.shape));
  const names = new Set([...ofCommands, ...ofRecipe.map(({ name }) => name)]);
  return message.replace(/\b[Oo]ption "?([A-Za-z]+)\b"?/g, (text, name: string) =>
    names.has(name) ? flagName(name) : text,
  );
}
