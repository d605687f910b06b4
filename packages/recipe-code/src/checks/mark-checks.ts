import type ts from 'typescript';
import { decisionAbove } from './decision-above.ts';
import { type Edit, withEdits } from './edits.ts';
import { type Compiler, chainOf, isConstant, isExitCode, isLoading, nameOfFunctionAround, nodesIn } from './syntax.ts';
import { type TestWords, testWords } from './test-words.ts';

/** Tests in JavaScript in which every check says when it is made, and the modules that they load. */
export interface MarkedTests {
  readonly code: string;
  readonly modules: readonly string[];
}

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
export function markChecks(compiler: Compiler, code: string): MarkedTests {
  const { ESNext } = compiler.ScriptTarget;
  const file = compiler.createSourceFile('tests.js', `${BEFORE}${code}\n})`, ESNext, true, compiler.ScriptKind.JS);
  const nodes = [...nodesIn(file)].filter((node) => isOfInterest(compiler, node));
  const words = testWords(compiler, file);
  findFailingFunctions(compiler, nodes, words);
  const checks = new Set<ts.Node>();
  /** Nodes that are checks or make the tests fail: where one is caught, the failure is dealt with. */
  const telling = new Set<ts.Node>();
  const edits: Edit[] = [];
  for (const node of nodes) {
    const check = checkIn(compiler, node, words);
    if (check) checks.add(check);
    const fails = words.alwaysFails(node);
    if (check || fails) telling.add(node);
    if (!fails) continue;
    const decision = decisionAbove(compiler, node);
    if (decision) checks.add(decision);
    if (decision && compiler.isThrowStatement(node)) edits.push(around(node.expression, '__thrown('));
  }
  for (const check of checks)
    edits.push(compiler.isBlock(check) ? into(check, '__check();') : around(check, '__check('));
  edits.push(...editsOfCatches(compiler, nodes, telling));
  const marked = withEdits(file.text, edits);
  return { code: marked.slice(BEFORE.length, marked.length - '\n})'.length), modules: modulesIn(compiler, nodes) };
}

/** What can be a check, fail, catch or load something. */
const isOfInterest = (compiler: Compiler, node: ts.Node) =>
  compiler.isCallExpression(node) ||
  compiler.isThrowStatement(node) ||
  compiler.isCatchClause(node) ||
  isExitCode(compiler, node);

/** A function fails always when something in it does that nothing decides; then so does what calls it. */
function findFailingFunctions(
  compiler: Compiler,
  nodes: readonly ts.Node[],
  { alwaysFails, failing }: TestWords,
): void {
  for (let known = -1; known < failing.size; ) {
    known = failing.size;
    for (const node of nodes) {
      if (!alwaysFails(node) || decisionAbove(compiler, node)) continue;
      const name = nameOfFunctionAround(compiler, node);
      if (name !== undefined) failing.add(name);
    }
  }
}

/** What is evaluated where a node is a check by itself. */
function checkIn(compiler: Compiler, node: ts.Node, words: TestWords): ts.Expression | undefined {
  if (isExitCode(compiler, node)) return isConstant(compiler, node.right) ? undefined : node.right;
  if (!compiler.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  if (!first) return undefined;
  if (words.assertionIn(node) === 'of-the-program') return compiler.isSpreadElement(first) ? first.expression : first;
  const isExit = chainOf(compiler, node).names.join('.') === 'process.exit';
  return isExit && !isConstant(compiler, first) ? first : undefined;
}

/** `catch` clauses and `.catch(…)` in which nothing is checked: `__caught(problem, whether it is printed)`. */
function editsOfCatches(compiler: Compiler, nodes: readonly ts.Node[], telling: ReadonlySet<ts.Node>): Edit[] {
  const isSilent = (handler: ts.Node) => {
    for (const node of nodesIn(handler)) if (telling.has(node)) return false;
    return true;
  };
  const prints = (handler: ts.Node) => /\bconsole\b/.test(handler.getText());
  const edits: Edit[] = [];
  for (const node of nodes) {
    if (compiler.isCatchClause(node) && isSilent(node.block)) {
      const name = node.variableDeclaration?.name;
      if (name && !compiler.isIdentifier(name)) continue;
      if (!name) edits.push({ from: node.block.getStart(), open: '(__problem) ' });
      edits.push(into(node.block, `__caught(${name?.text ?? '__problem'}, ${prints(node)});`));
    }
    if (!compiler.isCallExpression(node) || !compiler.isPropertyAccessExpression(node.expression)) continue;
    const [handler] = node.arguments;
    if (node.expression.name.text !== 'catch' || !handler || !isSilent(handler)) continue;
    const isKnown = compiler.isArrowFunction(handler) || compiler.isFunctionExpression(handler) || prints(handler);
    if (isKnown) edits.push(around(handler, `__catching(${prints(handler)}, `));
  }
  return edits;
}

function modulesIn(compiler: Compiler, nodes: readonly ts.Node[]): string[] {
  const modules = new Set<string>();
  for (const node of nodes) {
    if (!isLoading(compiler, node)) continue;
    const [name] = node.arguments;
    if (name && compiler.isStringLiteralLike(name)) modules.add(name.text);
  }
  return [...modules];
}

const around = (node: ts.Node, open: string): Edit => ({ from: node.getStart(), open, to: node.end, close: ')' });
const into = (block: ts.Block, open: string): Edit => ({ from: block.getStart() + 1, open });
