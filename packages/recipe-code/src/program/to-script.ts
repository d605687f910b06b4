import { Script } from 'node:vm';
import type ts from 'typescript';
import type { Language } from '../language.ts';

/** Code that Node runs as a script, or why there is none. Python passes through: its own compiler sees it first. */
export type ScriptOrProblem = { readonly code: string } | { readonly problem: string };

/** Where the code will stand: at the top level, or as the body of an async function (tests, which may then await). */
export type Place = 'top-level' | 'function';

/** What was made of texts: a metric asks for an output that another has judged, and the same tests are run with every output. */
const known = new Map<string, ScriptOrProblem>();
const MOST_KNOWN = 4096;
const LONGEST_KNOWN = 2 ** 13;

/** Longer sources than any model writes by intention; compilers are not given them. */
const MAXIMUM_CHARACTERS = 2 ** 18;

/**
 * JavaScript and TypeScript as a script of plain JavaScript: types are taken off, `import` becomes `require`, and
 * `export` disappears, so that tests see the names. Only what does not parse is a problem; types are not checked.
 */
export async function toScript(
  source: string,
  language: Language,
  place: Place = 'top-level',
): Promise<ScriptOrProblem> {
  if (source.length > MAXIMUM_CHARACTERS) return { problem: `longer than ${MAXIMUM_CHARACTERS} characters` };
  if (language === 'python') return { code: source };
  const key = `${language} ${place} ${source}`;
  const made = known.get(key) ?? (await translated(source, language, place));
  if (key.length > LONGEST_KNOWN) return made;
  const [oldest] = known.size === MOST_KNOWN ? known.keys() : [];
  if (oldest !== undefined) known.delete(oldest);
  known.set(key, made);
  return made;
}

async function translated(
  source: string,
  language: 'typescript' | 'javascript',
  place: Place,
): Promise<ScriptOrProblem> {
  try {
    if (language === 'javascript') {
      const problem = problemOf(source, place);
      // Plain scripts stay as they are; a module needs translating.
      if (problem === undefined || !/^\s*(import|export)\b/m.test(source)) {
        return problem === undefined ? { code: source } : { problem };
      }
    }
    const { code, problem } = translate((await import('typescript')).default, source, language);
    const found = problem ?? problemOf(code, place);
    return found === undefined ? { code } : { problem: found };
  } catch (error) {
    // The compiler's stack is not endless: thousands of nested parentheses end it.
    if (error instanceof RangeError) return { problem: error.message };
    throw error;
  }
}

/** The first syntax error that V8 finds, early errors such as a name declared twice included. Nothing is run. */
function problemOf(code: string, place: Place): string | undefined {
  try {
    new Script(place === 'function' ? `(async function () {${code}\n})` : code);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function translate(
  compiler: typeof ts,
  source: string,
  language: 'typescript' | 'javascript',
): { code: string; problem: string | undefined } {
  const { outputText, diagnostics = [] } = compiler.transpileModule(source, {
    fileName: language === 'typescript' ? 'program.ts' : 'program.js',
    reportDiagnostics: true,
    compilerOptions: {
      target: compiler.ScriptTarget.ES2023,
      module: compiler.ModuleKind.CommonJS,
      esModuleInterop: true,
      allowJs: true,
    },
    transformers: { before: [(context) => (file) => withoutExports(compiler, context, file)] },
  });
  const first = diagnostics.find(({ category }) => category === compiler.DiagnosticCategory.Error);
  return { code: outputText, problem: first && compiler.flattenDiagnosticMessageText(first.messageText, ' ') };
}

/** `export const f` becomes `const f`; `export { f }` and `export default 1` go. */
function withoutExports(compiler: typeof ts, context: ts.TransformationContext, file: ts.SourceFile): ts.SourceFile {
  const { factory } = context;
  const isExport = ({ kind }: ts.ModifierLike) =>
    kind === compiler.SyntaxKind.ExportKeyword || kind === compiler.SyntaxKind.DefaultKeyword;
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (compiler.isExportDeclaration(node) || compiler.isExportAssignment(node)) return undefined;
    if (!compiler.canHaveModifiers(node)) return node;
    const kept = (node.modifiers ?? []).filter((modifier) => !isExport(modifier));
    if (kept.length === (node.modifiers?.length ?? 0)) return node;
    if (compiler.isFunctionDeclaration(node)) {
      const { asteriskToken, name, typeParameters, parameters, type, body } = node;
      return factory.updateFunctionDeclaration(node, kept, asteriskToken, name, typeParameters, parameters, type, body);
    }
    if (compiler.isClassDeclaration(node)) {
      const { name, typeParameters, heritageClauses, members } = node;
      return factory.updateClassDeclaration(node, kept, name, typeParameters, heritageClauses, members);
    }
    if (compiler.isVariableStatement(node)) {
      return factory.updateVariableStatement(node, kept.filter(compiler.isModifier), node.declarationList);
    }
    if (compiler.isEnumDeclaration(node)) {
      return factory.updateEnumDeclaration(node, kept.filter(compiler.isModifier), node.name, node.members);
    }
    return node;
  };
  return compiler.visitEachChild(file, visit, context);
}
