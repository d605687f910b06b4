import type { Expression } from './nodes.ts';
import { repr } from './repr.ts';

/** An expression in the words of the template, for messages: `messages[0].tool_calls`. */
export function describeExpression(node: Expression): string {
  switch (node.type) {
    case 'name':
      return node.name;
    case 'constant':
      return repr(node.value);
    case 'attribute':
      return `${describeExpression(node.of)}.${node.name}`;
    case 'item':
      return `${describeExpression(node.of)}[${describeExpression(node.key)}]`;
    case 'call':
      return `${describeExpression(node.callee)}(…)`;
    case 'filter':
      return `${node.of ? describeExpression(node.of) : '…'}|${node.name}`;
    case 'binary':
      return `${describeExpression(node.left)} ${node.operator} ${describeExpression(node.right)}`;
    case 'sign':
      return `${node.sign}${describeExpression(node.of)}`;
    default:
      return '…';
  }
}
