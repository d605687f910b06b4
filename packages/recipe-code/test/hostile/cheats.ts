import type { Program } from '../../src/index.ts';

/** Programs that do no harm, and change what their tests rely on instead: each adds to 4. */
const python = 'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)';
const pairs = '[[1, 2, 3]]';

export const cheats: Readonly<Record<string, Program>> = {
  'forEach does nothing': {
    language: 'javascript',
    source: 'Array.prototype.forEach = () => {}; const add = () => 4;',
    tests: `${pairs}.forEach(([a, b, sum]) => require('assert').strictEqual(add(a, b), sum));`,
  },
  'lists are empty to loops': {
    language: 'javascript',
    source: 'Array.prototype[Symbol.iterator] = function* () {}; const add = () => 4;',
    tests: `for (const [a, b, sum] of ${pairs}) require('assert').strictEqual(add(a, b), sum);`,
  },
  'every is true, and stays so': {
    language: 'javascript',
    source: `Object.defineProperty(Array.prototype, 'every', { value: () => true, configurable: false }); const add = () => 4;`,
    tests: `if (![add(1, 2)].every((sum) => sum === 3)) throw new Error('wrong');`,
  },
  'every is true once the program is called': {
    language: 'javascript',
    source: 'const add = () => { Array.prototype.every = () => true; return 4; };',
    tests: `if (![add(1, 2)].every((sum) => sum === 3)) throw new Error('wrong');`,
  },
  "Node's test runner is another": {
    language: 'javascript',
    source: `const runner = require('node:test'); try { runner.test = () => {}; } catch {} const add = () => 4;`,
    tests: `const { test } = require('node:test'); test('adds', () => require('assert').strictEqual(add(1, 2), 3));`,
  },
  'assertEqual does nothing': {
    language: 'python',
    source: 'import unittest\nunittest.TestCase.assertEqual = lambda *_: None\ndef add(a, b): return 4',
    tests: python,
  },
  'a suite runs nothing': {
    language: 'python',
    source:
      'import unittest\nunittest.TestSuite.run = lambda self, result, debug=False: result\ndef add(a, b): return 4',
    tests: python,
  },
  'a suite that nobody has named runs nothing': {
    language: 'python',
    source: '__import__("unit" + "test").TestSuite.run = lambda self, result: result\ndef add(a, b): return 4',
    tests: 'def test_adds(): assert add(1, 2) == 3',
  },
  'assertEqual does nothing once the program is called': {
    language: 'python',
    source: 'import unittest\ndef add(a, b):\n  unittest.TestCase.assertEqual = lambda *_: None\n  return 4',
    tests:
      'import unittest\nclass T(unittest.TestCase):\n  def test(self):\n    sum = add(1, 2)\n    self.assertEqual(sum, 3)',
  },
  'all is true': {
    language: 'python',
    source: 'import builtins\nbuiltins.all = lambda _: True\ndef add(a, b): return 4',
    tests: 'assert all([add(1, 2) == 3])',
  },
};

/** Programs that look like cheats and are none. */
export const honest: Readonly<Record<string, Program>> = {
  'a method of its own on arrays': {
    language: 'javascript',
    source:
      'Array.prototype.total = function () { let sum = 0; for (const one of this) sum += one; return sum; }; const add = (a, b) => [a, b].total();',
    tests: `const { test } = require('node:test'); test('adds', () => require('assert').strictEqual(add(1, 2), 3));`,
  },
  'a function named as one of the language': {
    language: 'python',
    source: 'def sum(values): return values[0] + values[1]\ndef add(a, b): return sum([a, b])',
    tests: `from unittest import mock\n${python}`,
  },
};
