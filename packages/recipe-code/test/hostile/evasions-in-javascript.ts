import type { Program } from '../../src/index.ts';

/** Programs that see to it that a failing test is not seen; none may pass. */
export const evasionsInJavascript: Readonly<Record<string, Program>> = {
  'the test that is being run is skipped': {
    language: 'javascript',
    source: "const add = () => { try { require('node:test').getTestContext().skip(); } catch {} return 4; };",
    tests:
      "const { test } = require('node:test'); const assert = require('node:assert'); test('one', () => assert.ok(add)); test('adds', () => assert.strictEqual(add(1, 2), 3));",
  },
  "the runner's exit code is taken back at the exit": {
    language: 'javascript',
    source: "const add = () => { process.prependListener('exit', () => { process.exitCode = 0; }); return 4; };",
    tests:
      "const { test } = require('node:test'); const assert = require('node:assert'); test('one', () => assert.ok(add)); test('adds', () => assert.strictEqual(add(1, 2), 3));",
  },
  'the exit code of the tests is taken back at the exit': {
    language: 'javascript',
    source: "const add = () => { process.prependListener('exit', () => { process.exitCode = 0; }); return 4; };",
    tests: 'process.exitCode = add(1, 2) === 3 ? 0 : 1;',
  },
  'the exit code of the tests is taken back later': {
    language: 'javascript',
    source: 'const add = () => { setTimeout(() => { process.exitCode = 0; }, 50); return 4; };',
    tests: 'process.exitCode = add(1, 2) === 3 ? 0 : 1;',
  },
  'a promise that is never settled': {
    language: 'javascript',
    source: 'const add = (a) => a === 1 ? new Promise(() => {}) : 0;',
    tests: "console.assert(add(0, 0) === 0); (async () => { if ((await add(1, 2)) !== 3) throw new Error('x'); })();",
  },
  'a thenable that never calls': {
    language: 'javascript',
    source: 'const add = () => ({ then() {} });',
    tests:
      "console.assert(typeof add(0, 0) === 'object'); (async () => { console.assert((await add(1, 2)) === 3); })();",
  },
  'exceptions are captured': {
    language: 'javascript',
    source: 'process.setUncaughtExceptionCaptureCallback(() => {}); const add = () => 4;',
    tests: "setTimeout(() => { if (add(1, 2) !== 3) throw new Error('wrong'); }, 1); console.assert(add(0, 0) === 4);",
  },
  'exceptions are captured once the program is called': {
    language: 'javascript',
    source: 'const add = () => { process.setUncaughtExceptionCaptureCallback(() => {}); return 4; };',
    tests: "setTimeout(() => { if (add(1, 2) !== 3) throw new Error('wrong'); }, 1); console.assert(add(0, 0) === 4);",
  },
  'an old domain takes exceptions': {
    language: 'javascript',
    source: "const d = require('domain').create(); d.on('error', () => {}); d.enter(); const add = () => 4;",
    tests: "setTimeout(() => { if (add(1, 2) !== 3) throw new Error('wrong'); }, 1); console.assert(add(0, 0) === 4);",
  },
  'an old domain takes exceptions once the program is called': {
    language: 'javascript',
    source:
      "const d = require('domain').create(); d.on('error', () => {}); const add = () => { d.enter(); return 4; };",
    tests: "setTimeout(() => { if (add(1, 2) !== 3) throw new Error('wrong'); }, 1); console.assert(add(0, 0) === 4);",
  },
  'Intl writes another number': {
    language: 'javascript',
    source:
      "Intl.NumberFormat.prototype.format = () => '3'; Object.defineProperty(Intl.NumberFormat.prototype, 'format', { get: () => () => '3' }); const add = () => 4;",
    tests: "if (new Intl.NumberFormat('en').format(add(1, 2)) !== '3') throw new Error('x');",
  },
  'buffers are equal': {
    language: 'javascript',
    source: 'Buffer.compare = () => 0; Buffer.prototype.equals = () => true; const add = () => 4;',
    tests: "if (!Buffer.from([add(1, 2)]).equals(Buffer.from([3]))) throw new Error('x');",
  },
  'an address is another': {
    language: 'javascript',
    source:
      "URL.prototype.toString = () => 'http://3/'; Object.defineProperty(URL.prototype, 'href', { get: () => 'http://a/3' }); const add = () => 4;",
    tests: "if (new URL('http://a/' + add(1, 2)).href !== 'http://a/3') throw new Error('x');",
  },
  'events are not handed on': {
    language: 'javascript',
    source:
      'EventTarget.prototype.addEventListener = () => {}; EventTarget.prototype.dispatchEvent = () => true; const add = () => 4;',
    tests:
      "console.assert(add(0, 0) === 4); const e = new EventTarget(); e.addEventListener('x', () => console.assert(add(1, 2) === 3)); e.dispatchEvent(new Event('x'));",
  },
  'eval is true': {
    language: 'javascript',
    source: 'globalThis.eval = () => true; const add = () => 4;',
    tests: "if (!eval('add(1, 2) === 3')) throw new Error('x');",
  },
  'an eval of its own': {
    language: 'javascript',
    source: 'var eval = () => true; const add = () => 4;',
    tests: "if (!eval('add(1, 2) === 3')) throw new Error('x');",
  },
  'Atomics reads another number': {
    language: 'javascript',
    source: 'Atomics.load = () => 3; const add = () => 4;',
    tests: "if (Atomics.load(new Int32Array([add(1, 2)]), 0) !== 3) throw new Error('x');",
  },
  'the exit code is another property': {
    language: 'javascript',
    source: "Object.defineProperty(process, 'exitCode', { get: () => 0, set() {} }); const add = () => 4;",
    tests: 'process.exitCode = add(1, 2) === 3 ? 0 : 1;',
  },
  'errors are nothing once the program is called': {
    language: 'javascript',
    source: 'const add = () => { globalThis.Error = function () { throw null; }; return 4; };',
    tests: "if (add(1, 2) !== 3) throw new Error('wrong');",
  },
  'the process ends where a stack is written': {
    language: 'javascript',
    source: 'Error.prepareStackTrace = () => { process.reallyExit(0); }; const add = () => 4;',
    tests: "require('assert').strictEqual(add(1, 2), 3);",
  },
  'listeners are gone once the program is called': {
    language: 'javascript',
    source: 'const add = () => { process._events = Object.create(null); return 4; };',
    tests: "(async () => { if (add(1, 2) !== 3) throw new Error('wrong'); })();",
  },
  'what is thrown ends the process': {
    language: 'javascript',
    source: 'const add = () => { throw { get stack() { process.reallyExit(0); } }; };',
    tests: "require('assert').strictEqual(add(1, 2), 3);",
  },
  'what counts checks is another': {
    language: 'javascript',
    source: 'var __check = () => true; const add = () => 4;',
    tests: "if (add(1, 2) !== 3) throw new Error('x');",
  },
  'util.inspect is another': {
    language: 'javascript',
    source: "require('util').inspect = () => '3'; const add = () => 4;",
    tests: "const { inspect } = require('util'); if (inspect(add(1, 2)) !== '3') throw new Error('x');",
  },
  'emitters do nothing': {
    language: 'javascript',
    source: "require('events').prototype.emit = () => true; const add = () => 4;",
    tests:
      "const E = require('events'); const e = new E(); e.on('x', () => { if (add(1, 2) !== 3) throw new Error('x'); }); e.emit('x'); console.assert(add(0, 0) === 4);",
  },
  'texts and expressions say yes': {
    language: 'javascript',
    source:
      "String.prototype.replace = function () { return ''; }; String.prototype.includes = () => true; RegExp.prototype.test = () => true; const add = () => 4;",
    tests: "if (!/^3$/.test(String(add(1, 2)))) throw new Error('x');",
  },
  'the listener at the end is called early': {
    language: 'javascript',
    source: "const add = () => { const l = process.listeners('exit')[0]; try { l(); } catch {} return 4; };",
    tests: "if (add(1, 2) !== 3) throw new Error('wrong');",
  },
};
