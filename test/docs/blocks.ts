import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What people read: the pages of the site, and what lies beside them in the repository. */
export const pages: readonly string[] = globSync(
  ['README.md', 'CONTRIBUTING.md', 'docs/*.md', 'packages/*/README.md', 'examples/README.md', 'bench/README.md'],
  { cwd: root },
).sort();

export const textOf = (page: string): string => readFileSync(root + page, 'utf8');

/** A block of code in a page. */
export interface Block {
  readonly page: string;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** What stands behind the three ticks; empty where nothing does. */
  readonly language: string;
  /** The name of the file that it is: ```ts haiku.ts. */
  readonly file: string | undefined;
  readonly code: string;
}

/** The blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; code: string[] } | undefined;
  for (const [at, line] of textOf(page).split('\n').entries()) {
    const [, info] = /^\s*```(.*)$/.exec(line) ?? [];
    if (info === undefined) open?.code.push(line);
    else if (open === undefined) open = { line: at + 1, info: info.trim(), code: [] };
    else {
      const [language = '', file] = open.info.split(' ');
      blocks.push({ page, line: open.line, language, file, code: `${open.code.join('\n')}\n` });
      open = undefined;
    }
  }
  if (open) throw new Error(`${page}, line ${open.line}: a block without an end`);
  return blocks;
}

export const isShell = ({ language }: Block): boolean => language === 'sh';

/** What a block needs that is not everywhere, said in its first line, where readers see it: `# needs Ollama`. */
export const needOf = ({ code }: Block): string | undefined => /^# needs (.+)/.exec(code)?.[1];
