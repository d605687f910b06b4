/**
 * Tests that are `todo`, skipped or expected to fail: what becomes of a program that adds, and of one that subtracts.
 * They make no program right by themselves, and none wrong.
 */
export type Case = readonly [tests: string, right: string, wrong: string];

export const ofNode: readonly Case[] = [
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', () => assert.equal(add(1,2),3))",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test.todo('x', () => assert.equal(add(1,2),3))",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {todo: true}, () => assert.equal(add(1,2),3))",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {todo: 'later'}, async () => { await null; assert.equal(add(1,2),3) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {skip: true}, () => assert.equal(add(1,2),3))",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); it.skip('x', () => assert.equal(add(1,2),3))",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); it('x', (t) => { t.todo(); assert.equal(add(1,2),3) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); it('x', (t) => { assert.equal(add(1,2),3); t.todo('m'); })",
    'not-tested',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); it('x', (t) => { t.skip(); assert.equal(add(1,2),3) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); describe('s', {todo:true}, () => { it('x', () => assert.equal(add(1,2),3)) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); describe.todo('s', () => { it('x', () => assert.equal(add(1,2),3)) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); suite.skip('s', () => { it('x', () => assert.equal(add(1,2),3)) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('s', {todo:true}, async (t) => { await t.test('x', () => assert.equal(add(1,2),3)) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('s', async (t) => { await t.test('x', {todo: true}, () => assert.equal(add(1,2),3)) })",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('s', async (t) => { await t.test('x', () => assert.equal(add(1,2),3)) })",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {todo: true}, () => assert.equal(add(1,2),4)); test('y', () => assert.equal(add(1,2),3))",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {todo: true}, () => console.assert(add(1,2) === 4)); test('y', () => assert.equal(add(1,2),3))",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {todo: true}, () => { try { assert.equal(add(1,2), 4) } catch (e) { console.log(e) } }); test('y', () => assert.equal(add(1,2),3))",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {expectFailure: true}, () => assert.equal(add(1,2),3))",
    'failed',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', {expectFailure: true}, () => assert.equal(add(1,2),4))",
    'not-tested',
    'not-tested',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('cb', (t, done) => { assert.equal(add(1,2),3); setTimeout(done, 1) })",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test(function adds() { assert.equal(add(1,2),3) })",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('no body'); test.todo('none')",
    'not-tested',
    'not-tested',
  ],
  [
    "const { todo } = require('node:test'); todo('x', () => console.assert(add(1,2) === 3))",
    'not-tested',
    'not-tested',
  ],
  [
    "import('node:test').then(({ test }) => test('x', { todo: true }, () => console.assert(add(1,2) === 3)))",
    'not-tested',
    'not-tested',
  ],
  [
    "import('node:test').then(({ default: test }) => test('x', () => console.assert(add(1,2) === 3)))",
    'passed',
    'failed',
  ],
  [
    "(async () => { const { it } = await import('node:test'); it('x', () => console.assert(add(1,2) === 3)) })()",
    'passed',
    'failed',
  ],
  [
    "import test from 'node:test'; import assert from 'node:assert'; test('x', { todo: true }, () => assert.equal(add(1,2), 3))",
    'not-tested',
    'not-tested',
  ],
  [
    "import * as t from 'node:test'; import assert from 'node:assert'; t.test('x', () => assert.equal(add(1,2), 3))",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); const { mock, before, afterEach } = require('node:test'); before(() => {}); test('x', () => { const f = mock.fn(add); assert.equal(f(1,2), 3); assert.equal(f.mock.calls.length, 1) })",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); test('x', (t) => { t.plan(1); t.assert.equal(add(1,2), 3) })",
    'passed',
    'failed',
  ],
  [
    "const { test, it, describe, suite } = require('node:test'); const assert = require('assert'); describe('s', () => { it('a', () => { setTimeout(() => {}, 1); assert.equal(add(1,2),3) }); it.todo('b'); it.skip('c', () => assert.equal(1, add(2, 2))) })",
    'passed',
    'failed',
  ],
];
