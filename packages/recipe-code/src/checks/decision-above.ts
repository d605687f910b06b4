import type ts from 'typescript';
import type { Compiler } from './syntax.ts';

/**
 * What decides whether tests come to a node: the condition, the list or the `try` block of the innermost statement or
 * expression around it that may pass it by, in the same function.
 */
export function decisionAbove(compiler: Compiler, node: ts.Node): ts.Expression | ts.Block | undefined {
  let child = node;
  for (let above = node.parent; above && !compiler.isFunctionLike(above); above = above.parent) {
    const decision = decisionOf(compiler, above, child);
    if (decision) return decision;
    // What fails in a catch clause hands a failure on, and is no decision of its own.
    if (compiler.isCatchClause(above)) above = above.parent;
    child = above;
  }
  return undefined;
}

function decisionOf(compiler: Compiler, above: ts.Node, child: ts.Node): ts.Expression | ts.Block | undefined {
  if (compiler.isIfStatement(above) || compiler.isWhileStatement(above)) {
    return child === above.expression ? undefined : above.expression;
  }
  if (compiler.isForOfStatement(above) || compiler.isForInStatement(above)) {
    return child === above.statement ? above.expression : undefined;
  }
  if (compiler.isConditionalExpression(above)) return child === above.condition ? undefined : above.condition;
  if (compiler.isBinaryExpression(above))
    return child === above.right && isLogical(compiler, above) ? above.left : undefined;
  if (compiler.isCaseBlock(above)) return (above.parent as ts.SwitchStatement).expression;
  if (compiler.isTryStatement(above)) return child === above.tryBlock && above.catchClause ? above.tryBlock : undefined;
  return undefined;
}

function isLogical(compiler: Compiler, { operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = compiler.SyntaxKind;
  return kind === AmpersandAmpersandToken || kind === BarBarToken || kind === QuestionQuestionToken;
}
