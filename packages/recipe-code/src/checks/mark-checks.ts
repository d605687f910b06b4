import type { AnyNode, BlockStatement, CallExpression } from 'acorn';
import { decisionAbove } from './decision-above.ts';
import { type Edit, withEdits } from './edits.ts';
import {
  isConstant,
  isExitCode,
  loadedBy,
  nameOfFunctionAround,
  nodesIn,
  pathOf,
  stringIn,
  type Tree,
  textOf,
  treeOf,
} from './syntax.ts';
import { type TestWords, testWords } from './test-words.ts';

/** Tests in JavaScript in which every check says when it is made, and the modules that they load. */
export interface MarkedTests {
  readonly code: string;
  readonly modules: readonly string[];
}

/** Node's test runner, in which the harness counts the checks of each test apart. */
const RUNNER = 'node:test';
const BEFORE = '(async function () {';

/**
 * Marks what is a check in tests, so that running them shows how many were made. A check is
 *
 * 1. a call of an assertion: of what is called `assert`, `expect`, `should` or `chai`, has its name from there or from
 *    such a module, or is a method of the `t` of a test; not when all its arguments are constants;
 * 2. a decision on which it depends whether the tests fail: the innermost `if`, `?:`, `&&`, `||`, `??`, `switch`, loop
 *    or `try` around a `throw`, `process.exit(1)`, `reject(…)`, `….fail()`, an assertion about constants, or a call of
 *    a function of the tests that does one of these whatever it is given;
 * 3. `process.exit(…)` and `process.exitCode = …` with what is no constant.
 *
 * Where tests catch a failure and do not check again, the harness is told; and of what they throw, it is told too. Calls
 * are written around expressions, and nothing else is changed: `__check(x)` is x.
 */
export function markChecks(code: string): MarkedTests {
  const tree = treeOf(`${BEFORE}${code}\n})`);
  const nodes = tree.nodes.filter((node) => isOfInterest(tree, node));
  const words = testWords(tree);
  findFailingFunctions(tree, nodes, words);
  const checks = new Set<AnyNode>();
  /** Nodes that are checks or make the tests fail: where one is caught, the failure is dealt with. */
  const telling = new Set<AnyNode>();
  const edits: Edit[] = [];
  for (const node of nodes) {
    const check = checkIn(tree, node, words);
    if (check) checks.add(check);
    const fails = words.alwaysFails(node);
    if (check || fails) telling.add(node);
    if (!fails) continue;
    const decision = decisionAbove(tree, node);
    if (decision) checks.add(decision);
    if (decision && node.type === 'ThrowStatement') edits.push(around(node.argument, '__thrown('));
  }
  for (const check of checks) {
    edits.push(check.type === 'BlockStatement' ? into(check, '__check();') : around(check, '__check('));
  }
  edits.push(...editsOfCatches(tree, nodes, telling));
  edits.push(...editsOfWaiting(tree, nodes, checks));
  const marked = withEdits(tree.text, edits);
  return { code: marked.slice(BEFORE.length, marked.length - '\n})'.length), modules: modulesIn(nodes) };
}

/** What can be a check, fail, catch or load something. */
const isOfInterest = (tree: Tree, node: AnyNode) =>
  /^(CallExpression|NewExpression|AwaitExpression|ImportExpression|ThrowStatement|CatchClause)$/.test(node.type) ||
  isExitCode(tree, node);

/** A function fails always when something in it does that nothing decides; then so does what calls it. */
function findFailingFunctions(tree: Tree, nodes: readonly AnyNode[], { alwaysFails, failing }: TestWords): void {
  for (let known = -1; known < failing.size; ) {
    known = failing.size;
    for (const node of nodes) {
      if (!alwaysFails(node) || decisionAbove(tree, node)) continue;
      const name = nameOfFunctionAround(tree, node);
      if (name !== undefined) failing.add(name);
    }
  }
}

/** What is evaluated where a node is a check by itself. */
function checkIn(tree: Tree, node: AnyNode, words: TestWords): AnyNode | undefined {
  if (isExitCode(tree, node)) return isConstant(tree, node.right) ? undefined : node.right;
  if (node.type !== 'CallExpression') return undefined;
  const [first] = node.arguments;
  if (!first) return undefined;
  if (words.assertionIn(node) === 'of-the-program') return first.type === 'SpreadElement' ? first.argument : first;
  return pathOf(tree, node) === 'process.exit' && !isConstant(tree, first) ? first : undefined;
}

/** `catch` clauses and `.catch(…)` in which nothing is checked: `__caught(problem, whether it is printed)`. */
function editsOfCatches(tree: Tree, nodes: readonly AnyNode[], telling: ReadonlySet<AnyNode>): Edit[] {
  const isSilent = (handler: AnyNode) => {
    for (const node of nodesIn(handler)) if (telling.has(node)) return false;
    return true;
  };
  const prints = (handler: AnyNode) => /\bconsole\b/.test(textOf(tree, handler));
  const edits: Edit[] = [];
  for (const node of nodes) {
    if (node.type === 'CatchClause' && isSilent(node.body)) {
      const { param, body } = node;
      if (param && param.type !== 'Identifier') continue;
      if (!param) edits.push({ from: body.start, open: '(__problem) ' });
      edits.push(into(body, `__caught(${param?.name ?? '__problem'}, ${prints(body)});`));
    }
    if (node.type !== 'CallExpression' || lastName(node) !== 'catch') continue;
    const [handler] = node.arguments;
    if (!handler || !isSilent(handler)) continue;
    const isKnown = /^(Arrow)?FunctionExpression$/.test(handler.type) || prints(handler);
    if (isKnown) edits.push(around(handler, `__catching(${prints(handler)}, `));
  }
  return edits;
}

/**
 * What the tests wait for, `__waits(promise)`: what they await, and the promises in whose making or handling something is
 * checked. Where one is pending at the end, the tests have not run to theirs.
 */
function editsOfWaiting(tree: Tree, nodes: readonly AnyNode[], checks: ReadonlySet<AnyNode>): Edit[] {
  const edits: Edit[] = [];
  const hasChecks = (values: readonly AnyNode[]) => {
    for (const value of values) for (const node of nodesIn(value)) if (checks.has(node)) return true;
    return false;
  };
  for (const node of nodes) {
    if (node.type === 'AwaitExpression') edits.push(around(node.argument, '__waits('));
    if (node.type === 'ImportExpression' && stringIn(node.source) === RUNNER) edits.push(around(node, '__imported('));
    const isHandling = node.type === 'CallExpression' && /^(then|finally)$/.test(lastName(node));
    const isMaking =
      node.type === 'NewExpression' &&
      pathOf(tree, node.callee) === 'Promise' &&
      tree.parentOf(node)?.type === 'ExpressionStatement';
    if ((isHandling || isMaking) && hasChecks(node.arguments)) edits.push(around(node, '__waits('));
  }
  return edits;
}

const lastName = ({ callee }: CallExpression): string => {
  if (callee.type !== 'MemberExpression') return '';
  return callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : '';
};

function modulesIn(nodes: readonly AnyNode[]): string[] {
  const names = nodes.flatMap((node) => {
    const module = loadedBy(node);
    return (module && stringIn(module)) ?? [];
  });
  return [...new Set(names)];
}

const around = (node: AnyNode, open: string): Edit => ({ from: node.start, open, to: node.end, close: ')' });
const into = (block: BlockStatement, open: string): Edit => ({ from: block.start + 1, open });
