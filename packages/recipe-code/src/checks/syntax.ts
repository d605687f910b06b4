import { type AnyNode, type AssignmentExpression, parse } from 'acorn';

/** A syntax tree: its text, all nodes from the outside in and from left to right, and what each lies in. */
export interface Tree {
  readonly text: string;
  readonly nodes: readonly AnyNode[];
  parentOf(node: AnyNode): AnyNode | undefined;
}

/** @throws {SyntaxError | RangeError} for what does not parse, or is nested too deeply */
export function treeOf(text: string): Tree {
  const nodes: AnyNode[] = [];
  const parents = new Map<AnyNode, AnyNode>();
  const waiting: AnyNode[] = [parse(text, { ecmaVersion: 'latest', preserveParens: true })];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    nodes.push(node);
    const children = childrenOf(node);
    for (const child of children) parents.set(child, node);
    waiting.push(...children.reverse());
  }
  return { text, nodes, parentOf: (node) => parents.get(node) };
}

/** A node with all that is in it, from the outside in. */
export function* nodesIn(node: AnyNode): Generator<AnyNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...childrenOf(next).reverse());
  }
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (typeof value !== 'object') continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) children.push(value);
    } else for (const one of value) if (isNode(one)) children.push(one);
  }
  return children;
}

const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value;

export const textOf = ({ text }: Tree, node: AnyNode): string => text.slice(node.start, node.end);

/** A function with a body of its own: what is in it runs when it is called. */
export function isFunction(node: AnyNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/**
 * What is called, by its names from the left, and all arguments on the way: `expect(a).not.toBe(b)`. A module that is
 * loaded on the spot has the name `require('assert')`.
 */
export interface Chain {
  readonly names: readonly string[];
  readonly values: readonly AnyNode[];
}

export function chainOf(tree: Tree, expression: AnyNode): Chain {
  const names: string[] = [];
  const values: AnyNode[] = [];
  for (let node = expression; ; ) {
    if (loadedBy(node)) return { names: [textOf(tree, node).replace(/\s|node:/g, ''), ...names], values };
    switch (node.type) {
      case 'CallExpression':
        values.unshift(...node.arguments);
        node = node.callee;
        break;
      case 'MemberExpression': {
        const name = nameOfMember(node.property, node.computed);
        // What is not called by a name has no root.
        if (name === undefined) return { names: ['', ...names], values };
        names.unshift(name);
        node = node.object;
        break;
      }
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        node = node.expression;
        break;
      case 'AwaitExpression':
        node = node.argument;
        break;
      case 'SequenceExpression':
        // (0, module.name)(…), as compilers write it.
        node = node.expressions.at(-1) ?? node;
        break;
      default:
        return { names: [node.type === 'Identifier' ? node.name : '', ...names], values };
    }
  }
}

/** `name` in `object.name` and `object['name']`. */
function nameOfMember(property: AnyNode, isComputed: boolean): string | undefined {
  if (isComputed) return stringIn(property);
  if (property.type === 'Identifier') return property.name;
  return property.type === 'PrivateIdentifier' ? `#${property.name}` : undefined;
}

/** The value of a literal string. */
export function stringIn(node: AnyNode): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** What `require('module')` and `import('module')` load. */
export function loadedBy(node: AnyNode): AnyNode | undefined {
  if (node.type === 'ImportExpression') return node.source;
  if (node.type !== 'CallExpression' || node.arguments.length !== 1) return undefined;
  return node.callee.type === 'Identifier' && node.callee.name === 'require' ? node.arguments[0] : undefined;
}

const CONSTANT_NAMES = ['undefined', 'NaN', 'Infinity'];

/** Whether a value is the same whatever the program does. */
export function isConstant(tree: Tree, value: AnyNode): boolean {
  for (const node of nodesIn(value)) {
    if (node.type === 'Identifier' && !isKey(tree, node) && !CONSTANT_NAMES.includes(node.name)) return false;
    const runs = /^(ThisExpression|CallExpression|NewExpression|TaggedTemplateExpression|ImportExpression)$/;
    if (runs.test(node.type)) return false;
  }
  return true;
}

/** `a` in `{ a: 1 }`. */
function isKey(tree: Tree, node: AnyNode): boolean {
  const parent = tree.parentOf(node);
  if (parent?.type !== 'Property' || parent.key !== node) return false;
  return parent.kind === 'init' && !parent.method && !parent.shorthand && !parent.computed;
}

/** `process.exitCode = …`. */
export function isExitCode(tree: Tree, node: AnyNode): node is AssignmentExpression {
  return (
    node.type === 'AssignmentExpression' && node.operator === '=' && pathOf(tree, node.left) === 'process.exitCode'
  );
}

export function pathOf(tree: Tree, node: AnyNode): string {
  return chainOf(tree, node).names.join('.');
}

/** The names that a declaration binds. */
export function boundNames(pattern: AnyNode | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => boundNames(one.type === 'Property' ? one.value : one));
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** The name of the function that a node stands in, for `function name() {}` and `const name = () => {}`. */
export function nameOfFunctionAround(tree: Tree, node: AnyNode): string | undefined {
  let around = tree.parentOf(node);
  while (around && !isFunction(around)) around = tree.parentOf(around);
  if (!around) return undefined;
  if (around.type === 'FunctionDeclaration') return around.id?.name;
  const parent = tree.parentOf(around);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : undefined;
}
