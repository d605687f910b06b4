import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Block, blocksOf, isShell, needOf, pages, root } from './blocks.ts';

/** Every block of code in a page is one: programs compile, data can be read, and shell commands are checked in commands.test.ts. */

/** What a block takes as given, by its page and its place among the page's programs. */
const given: Record<string, string> = {
  'packages/recipe-retail/README.md 1':
    'declare const catalogue: string[]; declare const training: unknown[]; declare const heldOut: unknown[];',
  'packages/recipe-translation/README.md 1': 'declare const before: string[]; declare const after: string[];',
  'packages/core/README.md 2':
    "import { z } from 'zod'; import { support } from '@counterweight/recipe-support'; import type { Metric } from '@counterweight/core/recipe'; declare const brevity: Metric<{ channel: 'app' | 'mail' }>;",
};

const programs = pages.flatMap((page) =>
  blocksOf(page)
    .filter(({ language }) => language === 'ts' || language === 'js')
    .map(({ code, language }, at) => ({
      name: `${page} ${at}`,
      file: join(root, folderFor(page, code), `block-${page.replaceAll(/\W/g, '-')}-${at}.${language}`),
      code: `${given[`${page} ${at}`] ?? ''}\n${code}\nexport {};\n`,
    })),
);

/**
 * A package's block knows what the package knows; one that uses the AI SDK or OpenAI's client stands where those are
 * installed, the others beside the examples.
 */
function folderFor(page: string, code: string): string {
  const [, name = ''] = /^packages\/(.+)\/README[.]md$/.exec(page) ?? [];
  if (existsSync(join(root, 'packages', name, 'src')) && !/^(core|cli|create-.*|)$/.test(name))
    return `packages/${name}/src`;
  if (/from 'ai'/.test(code)) return 'packages/ai-provider/src';
  return /from 'openai'/.test(code) ? 'packages/serve/src' : 'examples';
}

it('programs compile', () => {
  expect(programs.length).toBeGreaterThan(25);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const sources = new Map(programs.map(({ file, code }) => [file, code]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const code = sources.get(file);
    return code === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, code, version);
  };
  const program = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false, noEmit: true }, host);
  const complaints = [...sources.keys()].flatMap((file, at) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${programs[at]?.name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
  expect(complaints).toEqual([]);
});

const lines = (code: string) => code.split('\n').filter(Boolean);
/** Reads a block as its language says. Data that is wrong on purpose is a file, and what is said of it is tested where the page runs. */
const readers: Record<string, (code: string) => unknown> = {
  json: (code) =>
    lines(code).every((line) => line.startsWith('{') && line.endsWith('}'))
      ? lines(code).map((line) => JSON.parse(line))
      : JSON.parse(code),
  jsonl: (code) => lines(code).map((line) => JSON.parse(line)),
  yaml: (code) => parse(code),
};

it('data can be read', () => {
  const bad = (block: Block) => block.file === 'comma.jsonl';
  const data = pages.flatMap(blocksOf).filter((block) => block.language in readers && !bad(block));
  expect(data.length).toBeGreaterThan(12);
  for (const { page, line, language, code } of data) {
    expect(() => readers[language]?.(code), `${page}, line ${line}`).not.toThrow();
  }
});

it('every block has a language that is checked, or is a text', () => {
  const checked = new Set(['ts', 'js', 'sh', ...Object.keys(readers), 'csv', 'text', '']);
  const others = pages.flatMap(blocksOf).filter(({ language }) => !checked.has(language));
  expect(others.map(({ page, line, language }) => `${page}, line ${line}: ${language}`)).toEqual([]);
});

it('what does not run everywhere says what it needs', () => {
  const needs = pages.flatMap(blocksOf).filter((block) => isShell(block) && needOf(block) !== undefined);
  expect(needs.map((block) => `${block.page}: ${needOf(block)}`)).toEqual([
    'docs/deploy-the-result.md: llama.cpp',
    'docs/deploy-the-result.md: llama.cpp',
    'docs/deploy-the-result.md: Ollama',
    'docs/deploy-the-result.md: vLLM',
    'docs/deploy-the-result.md: vLLM',
    'docs/getting-started.md: the hub',
    'docs/scaling.md: Open MPI; srun needs Slurm',
    "packages/recipe-code/README.md: Debian or Ubuntu; elsewhere bubblewrap comes from that system's own packages",
  ]);
});
