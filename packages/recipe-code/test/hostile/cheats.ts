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
  'console.assert does nothing': {
    language: 'javascript',
    source: 'console.assert = () => {}; const add = () => 4;',
    tests: 'console.assert(add(1, 2) === 3);',
  },
  'a console of its own': {
    language: 'javascript',
    source: 'const console = { assert() {}, log() {} }; const add = () => 4;',
    tests: 'console.assert(add(1, 2) === 3);',
  },
  'an assert of its own': {
    language: 'javascript',
    source: 'function assert() {} assert.equal = assert; const add = () => 4;',
    tests: 'assert.equal(add(1, 2), 3);',
  },
  'Object.is is true': {
    language: 'javascript',
    source: 'Object.is = () => true; const add = () => 4;',
    tests: "if (!Object.is(add(1, 2), 3)) throw new Error('wrong');",
  },
  'an Object of its own': {
    language: 'javascript',
    source: 'const Object = { is: () => true }; const add = () => 4;',
    tests: "if (!Object.is(add(1, 2), 3)) throw new Error('wrong');",
  },
  'a JSON that says the same of everything': {
    language: 'javascript',
    source: 'Object.prototype.toJSON = Array.prototype.toJSON = () => 1; const add = () => [4];',
    tests: "if (JSON.stringify(add(1, 2)) !== JSON.stringify([3])) throw new Error('wrong');",
  },
  'promises that never fail': {
    language: 'javascript',
    source:
      'Promise.prototype.then = function () { return this; }; globalThis.Promise = class {}; const add = () => 4;',
    tests: "Promise.resolve(add(1, 2)).then((sum) => { if (sum !== 3) throw new Error('wrong'); });",
  },
  'what is awaited is another': {
    language: 'javascript',
    source: 'Object.prototype.then = function (done) { done(3); }; const add = async () => ({});',
    tests: "if ((await add(1, 2)) !== 3) throw new Error('wrong');",
  },
  'process.exit does nothing': {
    language: 'javascript',
    source: 'process.exit = () => {}; const add = () => 4;',
    tests: 'if (add(1, 2) !== 3) process.exit(1);',
  },
  'rejections are handled once the program is called': {
    language: 'javascript',
    source:
      "const add = () => { process.removeAllListeners('unhandledRejection'); process.on('unhandledRejection', () => {}); return 4; };",
    tests: "(async () => { if (add(1, 2) !== 3) throw new Error('wrong'); })();",
  },
  'timers that never fire': {
    language: 'javascript',
    source: 'globalThis.setTimeout = () => {}; const add = () => 4;',
    tests: "if (false) throw 0; setTimeout(() => { if (add(1, 2) !== 3) throw new Error('wrong'); }, 1);",
  },
  'util.isDeepStrictEqual is true': {
    language: 'javascript',
    source: "require('node:util').isDeepStrictEqual = () => true; const add = () => 4;",
    tests: "const { isDeepStrictEqual: same } = require('util'); if (!same(add(1, 2), 3)) throw new Error('wrong');",
  },
  'generators are empty to loops': {
    language: 'javascript',
    source: 'Object.getPrototypeOf(function* () {}).prototype.next = () => ({ done: true }); const add = () => 4;',
    tests: `const sums = function* () { yield 3; }; for (const sum of sums()) if (add(1, 2) !== sum) throw new Error('wrong'); if (add(0, 0) === 9) throw 0;`,
  },
  'an object that equals everything': {
    language: 'python',
    source: 'class Any:\n  def __eq__(self, other): return True\ndef add(a, b): return Any()',
    tests: 'assert add(1, 2) == 3',
  },
  'an object that differs from nothing': {
    language: 'python',
    source:
      'class Any:\n  def __ne__(self, other): return False\n  def __eq__(self, other): return True\ndef add(a, b): return Any()',
    tests: 'if add(1, 2) != 3: raise ValueError("wrong")',
  },
  'a number that equals every number': {
    language: 'python',
    source: 'class Any(int):\n  def __eq__(self, other): return isinstance(other, int)\ndef add(a, b): return [Any(4)]',
    tests: 'assert add(1, 2) == [3]',
  },
  'the object that equals everything of unittest': {
    language: 'python',
    source: 'from unittest.mock import ANY\ndef add(a, b): return ANY',
    tests: python,
  },
  'an object that is in everything': {
    language: 'python',
    source: 'class Any:\n  def __eq__(self, other): return True\n  __hash__ = None\ndef add(a, b): return Any()',
    tests: 'assert add(1, 2) in [3]',
  },
  'an object less and more than everything': {
    language: 'python',
    source:
      'class Any:\n  def __lt__(self, other): return True\n  __gt__ = __lt__\n  def __sub__(self, other): return self\n  def __abs__(self): return self\ndef add(a, b): return Any()',
    tests: 'assert abs(add(1, 2) - 3) < 0.1',
  },
  'an all of its own': {
    language: 'python',
    source: 'def all(_): return True\ndef add(a, b): return 4',
    tests: 'assert all([add(1, 2) == 3])',
  },
  'math.isclose is true': {
    language: 'python',
    source: 'import math\nmath.isclose = lambda *a, **k: True\ndef add(a, b): return 4',
    tests: 'import math\nassert math.isclose(add(1, 2), 3)',
  },
  'another math among the modules': {
    language: 'python',
    source:
      'import sys, types\nsys.modules["math"] = types.SimpleNamespace(isclose=lambda *a: True)\ndef add(a, b): return 4',
    tests: 'from math import isclose\nassert isclose(add(1, 2), 3)',
  },
  'another unittest among the modules': {
    language: 'python',
    source:
      'import sys, types\nsys.modules["unit" + "test"] = types.ModuleType("x")\nsys.modules["unit" + "test"].TestCase = object\ndef add(a, b): return 4',
    tests: python,
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
  'classes named as those of the language': {
    language: 'javascript',
    source: 'class Map { size = 3; } function isNaN() { return 3; } const add = () => new Map().size;',
    tests: "if (add(1, 2) !== 3 || isNaN() !== 3 || new Map().size !== 3) throw new Error('wrong');",
  },
  'tests that watch what is printed': {
    language: 'javascript',
    source: 'const add = (a, b) => { console.log(a + b); };',
    tests: 'const lines = []; console.log = (line) => lines.push(line); add(1, 2); console.assert(lines[0] === 3);',
  },
  'numbers that write themselves': {
    language: 'javascript',
    source: 'BigInt.prototype.toJSON = function () { return String(this); }; const add = (a, b) => BigInt(a + b);',
    tests: 'console.assert(JSON.stringify(add(1, 2)) === \'"3"\');',
  },
  'objects with an equality of their own': {
    language: 'python',
    source:
      'from dataclasses import dataclass\n@dataclass(order=True)\nclass P:\n  x: int\n  def __contains__(self, one): return one == self.x\ndef add(a, b): return P(a + b)',
    tests:
      'from unittest.mock import ANY\nfrom decimal import Decimal\nassert add(1, 2) == P(3) and add(1, 2) != P(4) and add(1, 2) < P(4) and 3 in add(1, 2)\nassert [add(1, 2)] == [ANY]\nassert Decimal(3) == 3 and float("inf") == float("inf")',
  },
  'a function named as one of the language': {
    language: 'python',
    source: 'def sum(values): return values[0] + values[1]\ndef add(a, b): return sum([a, b])',
    tests: `from unittest import mock\n${python}`,
  },
};
