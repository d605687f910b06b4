import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Every public function shows how it is called, in an `@example` that the compiler agrees with. */

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path('../../tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  path('../..'),
);

/** The public functions of an entry point and their examples. */
function publicFunctions(entry: string): { name: string; examples: string[] }[] {
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const { valueDeclaration } = symbol;
    if (!valueDeclaration || checker.getTypeOfSymbol(symbol).getCallSignatures().length === 0) return [];
    const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example');
    return [{ name: exported.name, examples: tags.map(({ text }) => ts.displayPartsToString(text)) }];
  });
}

/** What the compiler says of pieces of code, each in a module of its own in a folder that knows what they import. */
function complaints(pieces: ReadonlyMap<string, string>, folder = '.'): string[] {
  const sources = new Map([...pieces].map(([name, code]) => [path(`${folder}/${name}.example.ts`), code]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const code = sources.get(file);
    return code === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, code, languageVersion);
  };
  const program = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false, noEmit: true }, host);
  return [...sources.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${file.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

describe.each([
  ['core/src/index.ts', '.', 20],
  ['core/src/files/index.ts', '.', 3],
  ['serve/src/index.ts', '../../packages/serve/src', 1],
  ['studio/src/index.ts', '../../packages/studio/src', 1],
  ['ai-provider/src/index.ts', '../../packages/ai-provider/src', 2],
])('%s', (entry, folder, count) => {
  const functions = publicFunctions(path(`../../packages/${entry}`));

  it('has an example at every public function', () => {
    expect(functions.length).toBeGreaterThanOrEqual(count);
    expect(functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('has examples that the compiler agrees with', () => {
    const pieces = functions.flatMap(({ name, examples }) =>
      examples.map((code, i) => [`${name}-${i}`, `${code.replaceAll(/^```\w*$/gm, '')}\nexport {};\n`] as const),
    );
    expect(complaints(new Map(pieces), folder)).toEqual([]);
  });
});

it('shows how rows are given from memory, in examples that the compiler agrees with', () => {
  const files = ['README.md', 'packages/core/README.md', 'docs/rows-and-chat.md'];
  const blocks = files.flatMap((file) =>
    [...readFileSync(path(`../../${file}`), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)]
      .filter(([, code]) => code?.includes('yield'))
      .map(([, code], i) => [`${file.replaceAll('/', '-')}-${i}`, `${code}\nexport {};\n`] as const),
  );
  expect(blocks.length).toBeGreaterThanOrEqual(files.length);
  expect(complaints(new Map(blocks))).toEqual([]);
});
