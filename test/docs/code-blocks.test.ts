import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** The TypeScript in READMEs and in pages of docs/ compiles; that of docs/rows-and-chat.md does in examples.test.ts. */

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** What a block takes as given. */
const given: Record<string, string> = {
  'packages/recipe-retail 1':
    'declare const catalogue: string[]; declare const training: unknown[]; declare const heldOut: unknown[];',
  'packages/recipe-translation 1': 'declare const before: string[]; declare const after: string[];',
  'packages/core 2':
    "import { z } from 'zod'; import { support } from '@counterweight/recipe-support'; import type { Metric } from '@counterweight/core/recipe'; declare const brevity: Metric<{ channel: 'app' | 'mail' }>;",
};

const pages = [
  '.',
  'packages/core',
  'packages/studio',
  ...['code', 'education', 'retail', 'support', 'translation'].map((name) => `packages/recipe-${name}`),
  ...['packages/serve', 'packages/ai-provider', 'packages/launch'],
];
const nameOf = (page: string) => page.replaceAll(/\W/g, '-');
const textOf = (page: string) => readFileSync(path(page.endsWith('.md') ? page : `${page}/README.md`), 'utf8');
/**
 * A package's block knows the package, serve's OpenAI's client too; the
 * others stand beside the examples, which know every package.
 */
const folderOf = (page: string) => {
  if (/openai|serving/.test(page)) return 'packages/serve/src';
  return /recipe-|studio|serve|provider|launch/.test(page) ? `${page}/src` : 'examples';
};
const docs = ['tracking', 'when-something-goes-wrong', 'serving', 'coming-from-openai'].map(
  (name) => `docs/${name}.md`,
);
const blocks = [...pages, ...docs].flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], at) => ({
    name: `${page} ${at}`,
    file: path(`${folderOf(page)}/block-${nameOf(page)}-${at}.ts`),
    code: `${given[`${page} ${at}`] ?? ''}\n${code}\nexport {};\n`,
  })),
);

it('compiles', () => {
  expect(blocks.length).toBeGreaterThan(7);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path('tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    path('.'),
  );
  const sources = new Map(blocks.map(({ file, code }) => [file, code]));
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
      .map(({ messageText }) => `${blocks[at]?.name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
  expect(complaints).toEqual([]);
});
