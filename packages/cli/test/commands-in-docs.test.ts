import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { runWith } from '../src/test-support.ts';

/** Every command line in a README or in docs is one: its command is there, and so is every flag in it. */

const root = new URL('../../../', import.meta.url);
/** Names of two words. */
const SUBCOMMANDS = new RegExp(`^(${commands.flatMap(({ name }) => (name.includes(' ') ? [name] : [])).join('|')})\\b`);

interface Line {
  readonly page: string;
  readonly command: string;
  readonly recipe: string | undefined;
  readonly flags: readonly string[];
}

async function commandLines(): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const page of glob(['README.md', 'docs/*.md', 'packages/*/README.md'], {
    cwd: root,
    exclude: ['**/node_modules'],
  })) {
    const text = readFileSync(new URL(page, root), 'utf8').replaceAll(/\\\n\s*/g, ' ');
    for (const [, written = ''] of text.matchAll(/(?:npx |`)counterweight ([a-z][^`#\n]*)/g)) {
      const command = SUBCOMMANDS.exec(written)?.[1] ?? written.split(' ')[0] ?? '';
      const recipe = /--recipe ([a-z]+)\b/.exec(written)?.[1];
      lines.push({ page, command, recipe, flags: written.match(/(?<=\s)--[a-z-]+/g) ?? [] });
    }
  }
  return lines;
}

it('has commands and flags that there are', async () => {
  const lines = await commandLines();
  expect(lines.length).toBeGreaterThan(40);
  const helps = new Map<string, string>();
  const unknown: string[] = [];
  for (const { page, command, recipe, flags } of lines) {
    const of = recipe === undefined ? [] : ['--recipe', recipe];
    const key = [command, ...of].join(' ');
    if (!helps.has(key)) {
      const { exitCode, stdout } = await runWith(commands, [...command.split(' '), ...of, '--help'], {});
      helps.set(key, exitCode === 0 ? stdout : '');
    }
    const help = helps.get(key) ?? '';
    if (help === '') unknown.push(`${page}: ${key}`);
    for (const flag of flags) {
      if (flag !== '--help' && !new RegExp(`${flag}\\b`).test(help)) unknown.push(`${page}: ${key} ${flag}`);
    }
  }
  expect(unknown).toEqual([]);
});
