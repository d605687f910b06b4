import type ts from 'typescript';

export type Compiler = typeof ts;

/** A node with all that is in it, from the outside in. */
export function* nodesIn(node: ts.Node): Generator<ts.Node> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const children: ts.Node[] = [];
    next.forEachChild((child) => {
      children.push(child);
    });
    waiting.push(...children.reverse());
  }
}

/**
 * What is called, by its names from the left, and all arguments on the way: `expect(a).not.toBe(b)`. A module that is
 * loaded on the spot has the name `require('assert')`.
 */
export interface Chain {
  readonly names: readonly string[];
  readonly values: readonly ts.Expression[];
}

export function chainOf(compiler: Compiler, expression: ts.Expression): Chain {
  const names: string[] = [];
  const values: ts.Expression[] = [];
  for (let node = expression; ; ) {
    if (isLoading(compiler, node)) return { names: [node.getText().replace(/\s|node:/g, ''), ...names], values };
    if (compiler.isCallExpression(node)) {
      values.unshift(...node.arguments);
      node = node.expression;
    } else if (compiler.isPropertyAccessExpression(node)) {
      names.unshift(node.name.text);
      node = node.expression;
    } else if (compiler.isParenthesizedExpression(node) || compiler.isAwaitExpression(node)) node = node.expression;
    // (0, module.name)(…), as compilers write it.
    else if (compiler.isBinaryExpression(node) && node.operatorToken.kind === compiler.SyntaxKind.CommaToken) {
      node = node.right;
    } else {
      if (compiler.isIdentifier(node)) names.unshift(node.text);
      // What is not called by a name has no root.
      else names.unshift('');
      return { names, values };
    }
  }
}

/** `require('module')` or `import('module')`. */
export function isLoading(compiler: Compiler, node: ts.Node): node is ts.CallExpression {
  if (!compiler.isCallExpression(node) || node.arguments.length !== 1) return false;
  const { expression } = node;
  return (
    expression.kind === compiler.SyntaxKind.ImportKeyword ||
    (compiler.isIdentifier(expression) && expression.text === 'require')
  );
}

const CONSTANT_NAMES = ['undefined', 'NaN', 'Infinity'];

/** Whether a value is the same whatever the program does. */
export function isConstant(compiler: Compiler, value: ts.Node): boolean {
  for (const node of nodesIn(value)) {
    if (compiler.isIdentifier(node) && !isKey(compiler, node) && !CONSTANT_NAMES.includes(node.text)) return false;
    if (node.kind === compiler.SyntaxKind.ThisKeyword || compiler.isCallLikeExpression(node)) return false;
  }
  return true;
}

/** `a` in `{ a: 1 }`. */
function isKey(compiler: Compiler, node: ts.Identifier): boolean {
  return compiler.isPropertyAssignment(node.parent) && node.parent.name === node;
}

/** `process.exitCode = …`. */
export function isExitCode(compiler: Compiler, node: ts.Node): node is ts.BinaryExpression {
  return (
    compiler.isBinaryExpression(node) &&
    node.operatorToken.kind === compiler.SyntaxKind.EqualsToken &&
    compiler.isPropertyAccessExpression(node.left) &&
    node.left.getText() === 'process.exitCode'
  );
}

/** The names that a declaration binds. */
export function boundNames(compiler: Compiler, name: ts.BindingName): string[] {
  if (compiler.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    compiler.isBindingElement(element) ? boundNames(compiler, element.name) : [],
  );
}

/** The name of the function that a node stands in, for `function name() {}` and `const name = () => {}`. */
export function nameOfFunctionAround(compiler: Compiler, node: ts.Node): string | undefined {
  const around = compiler.findAncestor(node.parent, (above) => compiler.isFunctionLike(above));
  if (!around) return undefined;
  if (compiler.isFunctionDeclaration(around)) return around.name?.text;
  const { parent } = around;
  return parent && compiler.isVariableDeclaration(parent) && compiler.isIdentifier(parent.name)
    ? parent.name.text
    : undefined;
}
