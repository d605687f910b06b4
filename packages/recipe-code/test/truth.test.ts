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
} as const;

const languages = ['javascript', 'typescript'] as const;
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
