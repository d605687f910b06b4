import { commands } from '../../packages/cli/src/commands/index.ts';
import { code, plain, table } from './markdown.ts';

/** Every command with a line that works. */
export const commandTable = (): string =>
  table(
    ['command', 'what it does', 'example'],
    commands.map(({ name, summary, example }) => [code(name), plain(summary), code(example)]),
  );
