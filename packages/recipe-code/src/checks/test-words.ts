import type { AnyNode, CallExpression } from 'acorn';
import { boundNames, type Chain, chainOf, isConstant, isExitCode, stringIn, type Tree, textOf } from './syntax.ts';

/** Whether a call asserts something; `of-constants` is what no program can change. */
export type Assertion = 'of-the-program' | 'of-constants' | undefined;

/** What the words of a test file mean. */
export interface TestWords {
  assertionIn(call: CallExpression): Assertion;
  /** Whether the tests have failed after this node, whatever the program does. */
  alwaysFails(node: AnyNode): boolean;
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
export function testWords(tree: Tree): TestWords {
  const assertions = assertionNames(tree);
  const failing = new Set<string>();
  const assertionIn = (call: CallExpression): Assertion => {
    const { names, values } = chainOf(tree, call);
    const [root = '', second = ''] = names;
    const isContext = root === CONTEXT && names.length === 2 && !OTHERWISE.test(second);
    const isRoot = assertions.has(root) || MODULE_OF_ASSERTIONS.test(root);
    const isNamed = isRoot || names.slice(1).some((name) => ASSERTIONS.includes(name));
    if ((!isContext && !isNamed) || names.at(-1) === 'fail') return undefined;
    // In x.should.equal(3) it is x that is asserted.
    const isOfArguments = isContext || isRoot || ['console', CONTEXT].includes(root);
    return isOfArguments && values.every((value) => isConstant(tree, value)) ? 'of-constants' : 'of-the-program';
  };
  const alwaysFails = (node: AnyNode): boolean => {
    if (node.type === 'ThrowStatement') return true;
    if (isExitCode(tree, node)) return isConstant(tree, node.right);
    if (node.type !== 'CallExpression') return false;
    return endsTests(tree, chainOf(tree, node), failing) || assertionIn(node) === 'of-constants';
  };
  return { assertionIn, alwaysFails, failing };
}

function endsTests(tree: Tree, { names, values }: Chain, failing: ReadonlySet<string>): boolean {
  const path = names.join('.');
  switch (path) {
    case 'process.exit':
      return values.every((value) => isConstant(tree, value));
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
function assertionNames(tree: Tree): Set<string> {
  const names = new Set(ASSERTIONS);
  for (const node of tree.nodes) {
    if (node.type === 'FunctionDeclaration' && node.id) names.delete(node.id.name);
    // { assert: holds } = console
    if (node.type === 'ObjectPattern') {
      for (const one of node.properties) {
        if (one.type !== 'Property' || one.shorthand) continue;
        const key = one.key.type === 'Identifier' && !one.computed ? one.key.name : stringIn(one.key);
        if (key !== undefined && ASSERTIONS.includes(key)) for (const name of boundNames(one.value)) names.add(name);
      }
    }
    if (node.type !== 'VariableDeclarator' || !node.init) continue;
    const bound = boundNames(node.id);
    if (node.init.type === 'ArrowFunctionExpression' || node.init.type === 'FunctionExpression') {
      for (const name of bound) names.delete(name);
    } else if (isAssertionItself(tree, node.init, names)) {
      for (const name of bound) names.add(name);
    }
  }
  return names;
}

/** `assert.equal`, `console.assert.bind(console)`, `require('assert').strict`. */
function isAssertionItself(tree: Tree, value: AnyNode, known: ReadonlySet<string>): boolean {
  if (MODULE_OF_ASSERTIONS.test(textOf(tree, value))) return true;
  const { names } = chainOf(tree, value);
  if (value.type === 'CallExpression' && names.at(-1) !== 'bind') return false;
  return known.has(names[0] ?? '') || names.slice(1).some((name) => ASSERTIONS.includes(name));
}
