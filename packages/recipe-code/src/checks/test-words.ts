import type ts from 'typescript';
import { boundNames, type Chain, type Compiler, chainOf, isConstant, isExitCode, nodesIn } from './syntax.ts';

/** Whether a call asserts something; `of-constants` is what no program can change. */
export type Assertion = 'of-the-program' | 'of-constants' | undefined;

/** What the words of a test file mean. */
export interface TestWords {
  assertionIn(call: ts.CallExpression): Assertion;
  /** Whether the tests have failed after this node, whatever the program does. */
  alwaysFails(node: ts.Node): boolean;
  /** Functions of the tests that always fail. */
  readonly failing: Set<string>;
}

const ASSERTIONS = ['assert', 'expect', 'should', 'chai'];
const MODULE_OF_ASSERTIONS =
  /\b(?:require|import)\s*\(\s*['"`](?:node:)?(?:assert|assert\/strict|power-assert|chai|expect|should)['"`]\s*\)/;
/** What a test is given by tape, tap and ava, and what it has beside assertions. */
const CONTEXT = 't';
const OTHERWISE =
  /^(after|afterEach|assert|before|beforeEach|comment|context|diagnostic|end|log|mock|name|pass|plan|runOnly|signal|skip|teardown|test|timeout|todo)$/;

/** Reads what the names in a test file stand for. */
export function testWords(compiler: Compiler, file: ts.SourceFile): TestWords {
  const assertions = assertionNames(compiler, file);
  const failing = new Set<string>();
  const assertionIn = (call: ts.CallExpression): Assertion => {
    const { names, values } = chainOf(compiler, call);
    const [root = '', second = ''] = names;
    const isContext = root === CONTEXT && names.length === 2 && !OTHERWISE.test(second);
    const isRoot = assertions.has(root) || MODULE_OF_ASSERTIONS.test(root);
    const isNamed = isRoot || names.slice(1).some((name) => ASSERTIONS.includes(name));
    if ((!isContext && !isNamed) || names.at(-1) === 'fail') return undefined;
    // In x.should.equal(3) it is x that is asserted.
    const isOfArguments = isContext || isRoot || ['console', CONTEXT].includes(root);
    return isOfArguments && values.every((value) => isConstant(compiler, value)) ? 'of-constants' : 'of-the-program';
  };
  const alwaysFails = (node: ts.Node): boolean => {
    if (compiler.isThrowStatement(node)) return true;
    if (isExitCode(compiler, node)) return isConstant(compiler, node.right);
    if (!compiler.isCallExpression(node)) return false;
    const chain = chainOf(compiler, node);
    return endsTests(compiler, chain, failing) || assertionIn(node) === 'of-constants';
  };
  return { assertionIn, alwaysFails, failing };
}

function endsTests(compiler: Compiler, { names, values }: Chain, failing: ReadonlySet<string>): boolean {
  const path = names.join('.');
  switch (path) {
    case 'process.exit':
      return values.every((value) => isConstant(compiler, value));
    case 'process.abort':
    case 'reject':
    case 'Promise.reject':
      return true;
    case 'done':
      return values.length > 0;
    default:
      return failing.has(path) || (names.length > 1 && names.at(-1) === 'fail');
  }
}

/** The names by which assertions are called: the usual ones, and those that tests give them. */
function assertionNames(compiler: Compiler, file: ts.SourceFile): Set<string> {
  const names = new Set(ASSERTIONS);
  for (const node of nodesIn(file)) {
    if (compiler.isFunctionDeclaration(node) && node.name) names.delete(node.name.text);
    // { assert: holds } = console
    if (compiler.isBindingElement(node) && node.propertyName && ASSERTIONS.includes(node.propertyName.getText())) {
      for (const name of boundNames(compiler, node.name)) names.add(name);
    }
    if (!compiler.isVariableDeclaration(node) || !node.initializer) continue;
    const bound = boundNames(compiler, node.name);
    if (compiler.isArrowFunction(node.initializer) || compiler.isFunctionExpression(node.initializer)) {
      for (const name of bound) names.delete(name);
    } else if (isAssertionItself(compiler, node.initializer, names)) {
      for (const name of bound) names.add(name);
    }
  }
  return names;
}

/** `assert.equal`, `console.assert.bind(console)`, `require('assert').strict`. */
function isAssertionItself(compiler: Compiler, value: ts.Expression, known: ReadonlySet<string>): boolean {
  if (MODULE_OF_ASSERTIONS.test(value.getText())) return true;
  const { names } = chainOf(compiler, value);
  if (compiler.isCallExpression(value) && names.at(-1) !== 'bind') return false;
  return known.has(names[0] ?? '') || names.slice(1).some((name) => ASSERTIONS.includes(name));
}
