import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ParseEntry, parse } from 'shell-quote';
import { expect, it } from 'vitest';
import { complaintAbout } from '../../scripts/docs/parse-command.ts';
import { type Block, blocksOf, isShell, needOf, pages, root } from './blocks.ts';
import { pageFolder, writeFileOf } from './page-folder.ts';
import { learning } from './run-page.ts';

/** Every command in a block of shell is one that the program understands, with its flags and their values. */

interface Line {
  readonly block: Block;
  readonly words: readonly string[];
}

/** The commands of a block, word by word: what stands between line ends, `&&`, pipes and redirections. */
function commandsOf(block: Block): Line[] {
  return block.code
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const found: string[][] = [[]];
      // A variable stays what it is; where output goes to is no part of a command.
      for (const word of parse(line.replaceAll(/ > \S+/g, ''), (name) => `$${name}`)) {
        const text = textOf(word);
        if (text === undefined) found.push([]);
        else if (text !== '') found.at(-1)?.push(text);
      }
      return found.filter(([first]) => first !== undefined).map((words) => ({ block, words }));
    });
}

/** Nothing of a comment; undefined between two commands. */
function textOf(word: ParseEntry): string | undefined {
  if (typeof word === 'string') return word;
  if ('comment' in word) return '';
  return word.op === 'glob' ? word.pattern : undefined;
}

const blocks = pages.flatMap(blocksOf).filter(isShell);
const lines = blocks.flatMap(commandsOf);
/** Those of pages that run are checked there. */
const ours = lines
  .filter(({ block }) => !learning.includes(block.page) || needOf(block) !== undefined)
  .filter(({ words }) => words[0] === 'counterweight' || words[1] === 'counterweight');
const where = ({ block, words }: Line) => `${block.page}, line ${block.line}: ${words.join(' ')}`;
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The folder that a page's commands are given in: a package's README speaks of its own files. */
function folderOf(page: string): string {
  const folder = pageFolder();
  for (const block of blocksOf(page)) writeFileOf(block, folder);
  for (const { words } of ours.filter(({ block }) => block.page === page)) {
    const at = words.indexOf('--config');
    if (at >= 0) writeConfig(words[at + 1] ?? '', dirname(page), folder);
  }
  return folder;
}

/** A file of options that the page tells of: the package's own, or one with what every command asks for. */
function writeConfig(name: string, from: string, folder: string): void {
  const own = join(root, from, name);
  const stub = JSON.stringify({ model: 'MODEL', data: ['rows.jsonl'] });
  const text = existsSync(own) ? `export { default } from ${JSON.stringify(own)};\n` : stub;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), /[.][jt]s$/.test(name) && text === stub ? `export default ${stub};\n` : text);
}

it('commands of ours are understood', { timeout: 300_000 }, async () => {
  expect(ours.length).toBeGreaterThan(60);
  const folders = new Map([...new Set(ours.map(({ block }) => block.page))].map((page) => [page, folderOf(page)]));
  const complaints: string[] = [];
  for (const line of ours) {
    const argv = line.words.slice(line.words.indexOf('counterweight') + 1);
    const complaint = await complaintAbout(argv, folders.get(line.block.page) ?? '');
    if (complaint !== undefined) complaints.push(`${where(line)}\n${complaint}`);
  }
  expect(complaints).toEqual([]);
});

it('scripts of the repository that are named are there', () => {
  const named = lines.flatMap(({ words: [program = '', first = '', second = ''] }) => {
    if (program === 'pnpm') return [first];
    return program === 'npm' && first === 'run' ? [second] : [];
  });
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

it('files that node is given are there, or are in the page', () => {
  const given = lines.filter(({ words: [program] }) => program === 'node');
  const missing = given.filter(({ block, words }) => {
    const file = words.find((word) => /[.][cm]?[jt]s$/.test(word)) ?? '';
    const inPage = blocksOf(block.page).some((other) => other.file === file);
    return !inPage && !existsSync(join(root, file)) && !existsSync(join(root, dirname(block.page), file));
  });
  expect(missing.map(where)).toEqual([]);
});

it('what is installed is ours, or what our packages need', () => {
  const known = new Set<string>(['ai', 'zod']);
  for (const name of ['cli', 'core', 'ai-provider', 'serve', 'studio']) known.add(`@counterweight/${name}`);
  for (const name of ['code', 'education', 'retail', 'support', 'translation'])
    known.add(`@counterweight/recipe-${name}`);
  known.add('@counterweight/stories260k');
  const installed = lines
    .filter(({ words: [program, verb] }) => program === 'npm' && verb === 'install')
    .flatMap(({ words }) => words.slice(2));
  expect(installed.length).toBeGreaterThan(10);
  expect(installed.filter((name) => !known.has(name))).toEqual([]);
});

it('other programs are those that every machine has, or are named as needed', () => {
  const everywhere = ['cd', 'cp', 'mkdir', 'printf', 'gzip', 'npx', 'npm', 'pnpm', 'node', 'counterweight'];
  const strange = lines.filter(({ block, words: [program = ''] }) => {
    return needOf(block) === undefined && !everywhere.includes(basename(program));
  });
  expect(strange.map(where)).toEqual([]);
});
