import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the packages publish, as the compiler sees it. */
export interface Sources {
  readonly files: readonly ts.SourceFile[];
  /** Where a name comes from, through imports. */
  declarationOf(name: ts.Node): ts.Declaration | undefined;
  /** Every call of a function that names it. */
  callsOf(declaration: ts.SignatureDeclaration): readonly ts.CallExpression[];
}

export function openSources(): Sources {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, (file) => readFileSync(file, 'utf8')).config,
    ts.sys,
    root,
  );
  const names = globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter((file) => !/[.]test[.]ts$|test-support|[.]d[.]ts$|studio\/src\/client\//.test(file))
    .sort()
    .map((name) => root + name);
  const program = ts.createProgram(names, options);
  const checker = program.getTypeChecker();
  const files = names.flatMap((name) => program.getSourceFile(name) ?? []);
  const calls = callsByName(files);

  const declarationOf = (name: ts.Node): ts.Declaration | undefined => {
    const symbol = ts.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
    if (!symbol) return undefined;
    return (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
  };
  const leadsTo = (callee: ts.Expression, of: ts.Node): boolean => {
    const found = declarationOf(ts.isPropertyAccessExpression(callee) ? callee.name : callee);
    return found === of || (!!found && ts.isVariableDeclaration(found) && found.initializer === of);
  };
  return {
    files,
    declarationOf,
    callsOf: (of) => (calls.get(nameOf(of)) ?? []).filter(({ expression }) => leadsTo(expression, of)),
  };
}

/** What a function is called by. */
function nameOf(declaration: ts.SignatureDeclaration): string {
  if (declaration.name) return declaration.name.getText();
  return ts.isVariableDeclaration(declaration.parent) ? declaration.parent.name.getText() : '';
}

function callsByName(files: readonly ts.SourceFile[]): ReadonlyMap<string, readonly ts.CallExpression[]> {
  const calls = new Map<string, ts.CallExpression[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      calls.set(name, [...(calls.get(name) ?? []), node]);
    }
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return calls;
}
