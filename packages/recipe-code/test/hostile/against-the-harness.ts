import type { Program } from '../../src/index.ts';

/**
 * Programs that are written against this harness, or against the tests, and pass though they add to 4: what the README
 * says can still be done, tried. Whoever closes one moves it to the cheats.
 */
export const againstTheHarness: Readonly<Record<string, Program>> = {
  'an object whose own methods say yes': {
    language: 'javascript',
    source: 'const add = () => ({ every: () => true, equals: () => true });',
    tests: "if (!add(1, 2).equals(3)) throw new Error('wrong');",
  },
  'a change that is taken back before the end': {
    language: 'javascript',
    source: `
      const { every } = Array.prototype;
      const add = () => { Array.prototype.every = () => true; setTimeout(() => { Array.prototype.every = every; }); return 4; };`,
    tests: "if (![add(1, 2)].every((sum) => sum === 3)) throw new Error('wrong');",
  },
  'a data structure of the language by its own name': {
    language: 'javascript',
    source: 'class Set { has() { return true; } } const add = () => 4;',
    tests: "if (!new Set([3]).has(add(1, 2))) throw new Error('wrong');",
  },
  'the inspector reads what only the harness knows': {
    language: 'javascript',
    source: `
      const add = () => {
        const session = new (require('node:inspector').Session)();
        session.connect();
        const ask = (method, options) => { let answer; session.post(method, options, (_, result) => { answer = result; }); return answer; };
        globalThis.found = process.listeners('exit');
        const { result: { objectId } } = ask('Runtime.evaluate', { expression: 'found[0]' });
        const scopes = ask('Runtime.getProperties', { objectId }).internalProperties.find(({ name }) => name === '[[Scopes]]');
        for (const { value } of ask('Runtime.getProperties', { objectId: scopes.value.objectId, ownProperties: true }).result) {
          for (const one of value?.objectId ? ask('Runtime.getProperties', { objectId: value.objectId, ownProperties: true }).result : []) {
            if (one.name !== 'nonce') continue;
            require('node:fs').writeSync(3, JSON.stringify({ kind: 'passed', nonce: one.value.value }) + '\\n');
            process.reallyExit(0);
          }
        }
        return 4;
      };`,
    tests: 'console.assert(add(1, 2) === 3);',
  },
  'the frames above hold the report': {
    language: 'python',
    source: `
import sys
def add(a, b):
  frame = sys._getframe()
  while frame:
    if 'report' in frame.f_locals: frame.f_locals['report']('passed')
    frame = frame.f_back
  return 4`,
    tests: 'assert add(1, 2) == 3',
  },
  'a type that answers as the tests hope': {
    language: 'python',
    source: 'class Close(float):\n  def __sub__(self, other): return 0.0\ndef add(a, b): return Close(4)',
    tests: 'assert abs(add(1, 2) - 3) < 0.1',
  },
  'a callback that is never called': {
    language: 'javascript',
    source: 'const add = (a, b, done) => { if (a === 0) done(b); };',
    tests: 'add(0, 7, (sum) => console.assert(sum === 7)); add(1, 2, (sum) => console.assert(sum === 3));',
  },
  'a number that is written otherwise once': {
    language: 'javascript',
    source: `
      const { toString } = Number.prototype;
      const add = () => {
        Number.prototype.toString = () => { Number.prototype.toString = toString; return '3'; };
        return 4;
      };`,
    tests: "if (add(1, 2).toString() !== '3') throw new Error('wrong');",
  },
  'the end of the tests, out of the frames above': {
    language: 'python',
    source: `
import sys
def add(a, b):
  frame = sys._getframe()
  while frame:
    if 'Done' in frame.f_globals: raise frame.f_globals['Done']()
    frame = frame.f_back`,
    tests: 'assert callable(add)\nassert add(1, 2) == 3',
  },
  'checks that were never made are counted': {
    language: 'python',
    source: `
import gc
def add(a, b):
  for one in gc.get_objects():
    if type(one).__name__ == 'Tally': one.checks = 1
  return 4`,
    tests: 'add(1, 2)',
  },
  'an object that equals everything, compared by the library': {
    language: 'python',
    source: 'class Any:\n  def __eq__(self, other): return True\ndef add(a, b): return Any()',
    tests: 'import operator\nassert operator.eq(add(1, 2), 3) and [3].count(add(1, 2)) == 1',
  },
  'a function of the language by its own name': {
    language: 'python',
    source: 'def abs(number): return 0\ndef add(a, b): return 4',
    tests: 'assert abs(add(1, 2) - 3) < 0.1',
  },
  'a number that does sums as the tests hope': {
    language: 'python',
    source: 'class Close(float):\n  def __sub__(self, other): return 0.0\ndef add(a, b): return Close(4)',
    tests: 'import unittest\nunittest.TestCase().assertAlmostEqual(add(1, 2), 3)',
  },
};
