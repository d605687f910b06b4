import type { AnyNode, BlockStatement, Expression } from 'acorn';
import { isFunction, type Tree } from './syntax.ts';

/**
 * What decides whether tests come to a node: the condition, the list or the `try` block of the innermost statement or
 * expression around it that may pass it by, in the same function.
 */
export function decisionAbove(tree: Tree, node: AnyNode): AnyNode | undefined {
  let child = node;
  for (let above = tree.parentOf(node); above && !isFunction(above); above = tree.parentOf(above)) {
    const decision = decisionOf(tree, above, child);
    if (decision) return decision;
    // What fails in a catch clause hands a failure on, and is no decision of its own.
    if (above.type === 'CatchClause') above = tree.parentOf(above) ?? above;
    child = above;
  }
  return undefined;
}

function decisionOf(tree: Tree, above: AnyNode, child: AnyNode): Expression | BlockStatement | undefined {
  switch (above.type) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'ConditionalExpression':
      return child === above.test ? undefined : above.test;
    case 'ForStatement':
      return child === above.body ? (above.test ?? undefined) : undefined;
    case 'ForOfStatement':
    case 'ForInStatement':
      return child === above.body ? above.right : undefined;
    case 'LogicalExpression':
      return child === above.right ? above.left : undefined;
    case 'SwitchCase': {
      const around = tree.parentOf(above);
      return around?.type === 'SwitchStatement' ? around.discriminant : undefined;
    }
    case 'TryStatement':
      return child === above.block && above.handler ? above.block : undefined;
    default:
      return undefined;
  }
}
