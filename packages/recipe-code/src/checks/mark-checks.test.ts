import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { markChecks } from './mark-checks.ts';

const marked = (code: string) => markChecks(code).code;

describe('a check is', () => {
  it.each([
    ['console.assert(add(1, 2) === 3)', 'console.assert(__check(add(1, 2) === 3))'],
    ['assert.equal(f(1), 2);', 'assert.equal(__check(f(1)), 2);'],
    ["require('node:assert').equal(f(1), 2);", "require('node:assert').equal(__check(f(1)), 2);"],
    ['expect(f(1)).to.be.true', 'expect(__check(f(1))).to.be.true'],
    ['f(1).should.equal(2)', 'f(1).should.equal(__check(2))'],
    ['t.assert.ok(...f(1)); t.is(f(1), 2)', 't.assert.ok(...__check(f(1))); t.is(__check(f(1)), 2)'],
    [
      "const { equal: same } = require('assert'); same(f(1), 2)",
      "const { equal: same } = require('assert'); same(__check(f(1)), 2)",
    ],
    [
      'const { assert: holds } = console; const eq = assert.equal; holds(f(1)); eq(f(1), 2)',
      'const { assert: holds } = console; const eq = assert.equal; holds(__check(f(1))); eq(__check(f(1)), 2)',
    ],
    ["if (f(1) !== 2) throw 'no'", "if (__check(f(1) !== 2)) throw __thrown('no')"],
    [
      'if (f(1) !== 2) { console.log("no"); process.exit(1); }',
      'if (__check(f(1) !== 2)) { console.log("no"); process.exit(1); }',
    ],
    [
      'f(1) === 2 || fail("no"); function fail(m) { throw Error(m) }',
      '__check(f(1) === 2) || fail("no"); function fail(m) { throw Error(m) }',
    ],
    ['f(1) === 2 ? 0 : assert.fail()', '__check(f(1) === 2) ? 0 : assert.fail()'],
    [
      'switch (f(1)) { case 2: break; default: throw no }',
      'switch (__check(f(1))) { case 2: break; default: throw __thrown(no) }',
    ],
    ['for (const wrong of f(1)) throw wrong', 'for (const wrong of __check(f(1))) throw __thrown(wrong)'],
    ['if (!f(1)) assert(false)', 'if (__check(!f(1))) assert(false)'],
    [
      'new Promise((ok, reject) => f(1) ? ok() : reject())',
      '__waits(new Promise((ok, reject) => __check(f(1)) ? ok() : reject()))',
    ],
    ['process.exit(failures > 0 ? 1 : 0)', 'process.exit(__check(failures > 0 ? 1 : 0))'],
    ['process.exitCode = failures', 'process.exitCode = __check(failures)'],
    [
      'try { f(); throw no } catch (e) { if (e === no) throw e }',
      'try {__check(); f(); throw __thrown(no) } catch (e) { if (__check(e === no)) throw __thrown(e) }',
    ],
  ])('%s', (code, expected) => {
    expect(marked(code)).toBe(expected);
  });
});

describe('no check is', () => {
  it.each([
    'f(1)',
    'console.log(f(1) === 2)',
    'console.log(f(1) === 2 ? "passed" : "failed")',
    'assert(true); assert.equal(1, 1); expect(true).toBe(true); console.assert("x")',
    "if (f(1) !== 2) console.log('no')",
    'throw new Error("not written yet")',
    'process.exit(0)',
    'function assert(x) { console.log(x) } assert(f(1))',
    'const works = () => { throw new Error("for the program") }; f(works)',
    '// assert(f(1))',
  ])('%s', (code) => {
    expect(marked(code)).toBe(code);
  });
});

describe('a failure that is caught without another check is told', () => {
  it.each([
    [
      'try { assert(f()) } catch { failed++ }',
      'try { assert(__check(f())) } catch (__problem) {__caught(__problem, false); failed++ }',
    ],
    ['try { f() } catch (e) { console.log(e) }', 'try { f() } catch (e) {__caught(e, true); console.log(e) }'],
    ['main().catch(console.error)', 'main().catch(__catching(true, console.error))'],
    ['main().catch((e) => { log(e) })', 'main().catch(__catching(false, (e) => { log(e) }))'],
  ])('%s', (code, expected) => {
    expect(marked(code)).toBe(expected);
  });

  it.each([
    'try { f() } catch (e) { throw e }',
    'main().catch(() => process.exit(1))',
    'try { f() } catch (e) { assert.fail(e) }',
  ])('not %s', (code) => {
    expect(marked(code)).toBe(code);
  });
});

it('names the modules that tests load', () => {
  expect(markChecks("const a = require('node:assert'); await import('node:util'); require(name)").modules).toEqual([
    'node:assert',
    'node:util',
  ]);
});

it('leaves lines as they are where no semicolon ends them', () => {
  const code =
    'const ok = []\nconst a = f(1)\na === 2 || fail()\nassert(a)\nfunction fail() { throw 1 }\nconsole.log("done")';
  const given = 'const __check = (x) => x, assert = () => {}, f = () => 2;';
  expect(execFileSync(process.execPath, ['-e', `${given}${marked(code)}`], { encoding: 'utf8' })).toBe('done\n');
});
