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
};
