import { describe, expect, it } from 'vitest';
import { type Outcome, programRunner } from '../src/index.ts';
import { hasSandbox } from '../src/test-support.ts';

/** What tests must say before a program counts as right: `right` adds, `wrong` subtracts. */
const run = programRunner({ limits: { timeoutSeconds: 30 } });
const available = await hasSandbox();
const sources = {
  javascript: { right: 'function add(a, b) { return a + b; }', wrong: 'function add(a, b) { return a - b; }' },
  typescript: {
    right: 'export const add = (a: number, b: number): number => a + b;',
    wrong: 'export const add = (a: number, b: number): number => a - b;',
  },
  python: { right: 'def add(a, b):\n  return a + b', wrong: 'def add(a, b):\n  return a - b' },
} as const;

/** Tests that tell right from wrong, each in its own way. */
const telling = {
  javascript: [
    'console.assert(add(1, 2) === 3)',
    'const { assert } = console; assert(add(1, 2) === 3, "adds");',
    'setTimeout(() => console.assert(add(1, 2) === 3), 5);',
    "if (add(1, 2) !== 3) throw new Error('wrong');",
    "const check = (ok) => { if (!ok) throw 'wrong'; };\ncheck(add(1, 2) === 3)\ncheck(add(0, 0) === 0)",
    "const fail = () => { throw 'wrong'; };\nadd(1, 2) === 3 || fail();",
    "require('assert').strictEqual(add(1, 2), 3)",
    "const { deepStrictEqual: same } = require('node:assert/strict'); same([add(1, 2)], [3]);",
    'assert(add(1, 2) === 3);',
    "(async () => { const assert = await import('node:assert'); assert.equal(add(1, 2), 3); })();",
    '(async () => { await null; if (add(1, 2) !== 3) throw new Error("wrong"); })();',
    'new Promise((resolve, reject) => (add(1, 2) === 3 ? resolve() : reject(new Error("wrong"))));',
    "const { test } = require('node:test'); test('adds', (t) => { t.assert.equal(add(1, 2), 3); });",
    "import { describe, it } from 'node:test'; import assert from 'node:assert'; describe('add', () => { it('adds', async () => { assert.equal(add(1, 2), 3); }); });",
    'let failures = 0; if (add(1, 2) !== 3) failures++; console.log(failures, "failures"); process.exit(failures ? 1 : 0);',
    'process.exitCode = add(1, 2) === 3 ? 0 : 1;',
    "const assert = require('assert'); let failed = 0;\nconst test = (name, body) => { try { body(); console.log('ok', name); } catch (e) { failed++; console.log('not ok', e.message); } };\ntest('adds', () => assert.equal(add(1, 2), 3)); test('runs', () => assert.ok(add(1, 1) !== 7));",
    "const test = (body) => { try { body(); } catch (e) { console.error('FAILED', e); } };\ntest(() => { if (add(1, 2) !== 3) throw new Error('wrong'); });",
    "const assert = require('assert'); (async () => assert.equal(add(1, 2), 3))().catch(console.error);",
    "const assert = require('assert'); try { assert.equal(add(1, 2), 4); } catch { assert.equal(add(1, 2), 3); }",
  ],
  typescript: [
    'console.assert(add(1, 2) === 3)',
    "import { strictEqual } from 'node:assert';\nstrictEqual(add(1, 2), 3);",
    "import * as assert from 'assert';\nconst cases: [number, number, number][] = [[1, 2, 3]];\nfor (const [a, b, sum] of cases) assert.deepEqual(add(a, b), sum);",
    'const sum: number = add(1, 2);\nif (sum !== 3) { throw new Error("wrong: " + sum); }',
  ],
  python: [
    'assert add(1, 2) == 3',
    'if add(1, 2) != 3: raise ValueError("wrong")',
    'def test_add():\n  assert add(1, 2) == 3',
    'async def test_add():\n  assert add(1, 2) == 3',
    'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)\nif __name__ == "__main__":\n  unittest.main()',
    'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)\nunittest.main()',
    'import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n  async def test(self): self.assertTrue(add(1, 2) == 3)',
    'import unittest\nclass T(unittest.TestCase):\n  def test(self):\n    for sum in (3,):\n      with self.subTest(sum): self.assertEqual(add(1, 2), sum)',
    'class TestAdd:\n  def setup_method(self): self.sum = 3\n  def test(self): assert add(1, 2) == self.sum',
    'def check(f):\n  assert f(1, 2) == 3\ncheck(add)',
    'def fail(m): raise AssertionError(m)\nadd(1, 2) == 3 or fail("wrong")',
    'import sys\nsys.exit(0 if add(1, 2) == 3 else 1)',
    'import sys\nfailures = 0\nif add(1, 2) != 3: failures += 1\nprint(failures)\nsys.exit(failures)',
    'try:\n  assert add(1, 2) == 3\n  print("ok")\nexcept AssertionError as e:\n  print("FAIL", e)\nassert add(0, 0) == 0',
    'def test(f):\n  try:\n    f()\n  except Exception as e:\n    print("FAIL", e)\ndef one():\n  if add(1, 2) != 3: raise ValueError("x")\ntest(one)',
    'try:\n  assert add(1, 2) == 4\nexcept AssertionError:\n  assert add(1, 2) == 3',
    'import threading\ndef one(): assert add(1, 2) == 3\nt = threading.Thread(target=one); t.start(); t.join()',
    'assert all([add(1, 2) == 3, add(0, 0) == 0])',
    'for a, b, c in [(1, 2, 3)]: assert add(a, b) == c, "wrong"',
    'match add(1, 2):\n  case 3: pass\n  case _: raise ValueError()',
    'import math\nassert math.isclose(add(1, 2), 3)',
    'assert abs(add(1, 2) - 3) < 0.1',
    'import unittest\nunittest.TestCase().assertAlmostEqual(add(1, 2), 3)',
  ],
} as const;

/** Tests that run to their end and have checked nothing. */
const idle = {
  javascript: [
    '',
    '// console.assert(add(1, 2) === 3)',
    'add(1, 2);',
    "console.log('All tests passed')",
    "console.log(add(1, 2) === 3 ? 'PASS' : 'FAIL')",
    'console.assert(true); assert(true); assert.equal(1, 1);',
    'const testAdd = () => { console.assert(add(1, 2) === 3); };',
    'if (false) console.assert(add(1, 2) === 3);',
    '[].forEach((sum) => console.assert(add(1, 2) === sum));',
    "const { test } = require('node:test'); test('adds', () => {});",
    "const { test } = require('node:test'); test.skip('adds', () => { console.assert(add(1, 2) === 3); });",
    'process.exit(0); console.assert(add(1, 2) === 3);',
  ],
  typescript: ['const sum: number = add(1, 2);', "import assert from 'node:assert';\nassert.ok(true);"],
  python: [
    '',
    '# assert add(1, 2) == 3',
    'add(1, 2)',
    'print("All tests passed")',
    'print("PASS" if add(1, 2) == 3 else "FAIL")',
    'assert True\nassert 1 == 1',
    'def check(f):\n  assert f(1, 2) == 3',
    'if False:\n  assert add(1, 2) == 3',
    'for x in []: assert add(1, 2) == x',
    'def test_add(): pass',
    'import unittest\nclass T(unittest.TestCase):\n  @unittest.skip("x")\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertTrue(True)',
    'import sys\nsys.exit(0)\nassert add(1, 2) == 3',
    '(lambda: add(1, 2) == 3)()',
    'x = add(1, 2) == 3',
    'import unittest\nunittest.main()',
  ],
} as const;

const languages = ['javascript', 'typescript', 'python'] as const;
const cases = (tests: Readonly<Record<(typeof languages)[number], readonly string[]>>) =>
  languages.flatMap((language) => tests[language].map((one) => [language, one] as const));

describe.skipIf(!available)('a program passes where its tests say so', () => {
  it.concurrent.each(cases(telling))('%s: %s', async (language, tests) => {
    const { right, wrong } = sources[language];
    expect(await run({ language, source: right, tests })).toEqual({ status: 'passed', detail: '' } satisfies Outcome);
    expect(await run({ language, source: wrong, tests })).toMatchObject({ status: 'failed' });
  });

  it.concurrent.each(cases(idle))('and is not tested by %s: %s', async (language, tests) => {
    expect(await run({ language, source: sources[language].right, tests })).toMatchObject({ status: 'not-tested' });
  });
});
