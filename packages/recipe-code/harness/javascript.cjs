/**
 * Runs one program and its tests, inside the sandbox. Standard input brings `{nonce, program, tests}` as JSON; the nonce
 * goes out on descriptor 3 once everything has run and nothing has failed. Ending early, whatever the exit code, sends
 * nothing. A failure sends its kind and message.
 *
 * Program and tests share top-level names. The tests are the body of an async function, so they may await, and may
 * declare names that the program has declared as well.
 */
'use strict';
const assert = require('node:assert');
const { readFileSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const vm = require('node:vm');

const RESULT = 3;
const { process: node, JSON: json, Object: object, Error: error, SyntaxError: syntaxError } = globalThis;
const { nonce, program, tests } = json.parse(readFileSync(0, 'utf8'));
const load = createRequire(__filename);

/** Assertions, and the test runner where tests have one, as they are now, whatever the program does to them. */
const untouched = new Map();
for (const name of ['assert', 'assert/strict']) {
  untouched.set(name, load(name)).set(`node:${name}`, load(name));
}
if (tests.includes('node:test')) untouched.set('node:test', load('node:test'));
for (const thing of [...untouched.values(), assert.AssertionError.prototype, Promise.prototype, Promise]) {
  object.freeze(thing);
}

/** The language's own functions, on which tests rely as much: `[owner, key, description]` of each, before the program. */
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const same = object.is;
const constructors = [Array, BigInt, Boolean, Date, Function, Map, Number, Object, RegExp, Set, String, Symbol, Error];
const owners = [
  ...constructors.flatMap((one) => [one, one.prototype]),
  ...[[], new Map(), new Set(), ''].map((one) => getPrototypeOf(one[Symbol.iterator]())),
  getPrototypeOf(getPrototypeOf([][Symbol.iterator]())),
  ...[JSON, Math, Reflect, console],
];
const intrinsics = owners.flatMap((owner) =>
  ownKeys(owner).map((key) => [owner, key, getOwnPropertyDescriptor(owner, key)]),
);
// Without iterators and methods of arrays: they may be what was changed.
const firstChanged = () => {
  for (let i = 0; i < intrinsics.length; i++) {
    const known = intrinsics[i];
    const now = getOwnPropertyDescriptor(known[0], known[1]);
    const before = known[2];
    if (!now || !same(now.value, before.value) || !same(now.get, before.get) || !same(now.set, before.set))
      return known;
  }
  return undefined;
};
const changedMessage = 'the program changes functions of the language that its tests rely on';
/** What the program has changed of them for itself; what it has added stays. */
const putBack = () => {
  for (let i = 0; i <= intrinsics.length; i++) {
    const known = firstChanged();
    if (known === undefined) return;
    if (!defineProperty(known[0], known[1], known[2])) fail('failed', changedMessage);
  }
};
const loadForTests = (name) => untouched.get(name) ?? load(name);

let finished = false;
let drained = false;
let reported = false;

const report = (result) => {
  if (reported) return;
  reported = true;
  writeSync(RESULT, `${json.stringify(result)}\n`);
};
const fail = (kind, problem) => {
  let message = 'an error that cannot be shown';
  try {
    message = problem instanceof error ? `${problem.name}: ${problem.message}` : `${problem}`;
  } catch {
    // A program may throw an object that defies being shown.
  }
  report({ kind, message: message.slice(0, 500) });
  node.reallyExit(1);
};

const compile = (code, filename) => {
  try {
    return new vm.Script(code, { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  } catch (problem) {
    return fail(problem instanceof syntaxError ? 'does-not-compile' : 'failed', problem);
  }
};

const run = async () => {
  const module = { exports: {} };
  for (const [name, value] of object.entries({ require: load, module, exports: module.exports })) {
    object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  compile(program, 'program.js').runInThisContext();
  putBack();
  // What the program has put in the way of failing tests and of the end.
  for (const event of ['uncaughtException', 'unhandledRejection', 'beforeExit', 'exit']) node.removeAllListeners(event);
  node.once('uncaughtException', (problem) => fail('failed', problem));
  node.once('unhandledRejection', (problem) => fail('failed', problem));
  node.on('beforeExit', () => {
    drained = finished;
  });
  // Not before: timers and the test runner of Node report their failures when all else is done.
  node.on('exit', () => {
    if (!finished || !drained) return;
    if (firstChanged() !== undefined) fail('failed', changedMessage);
    report(node.exitCode ? { kind: 'failed', message: 'the test runner counts failures' } : { kind: 'passed', nonce });
  });
  const body = compile(`(async function (require) {${tests}\n})`, 'tests.js').runInThisContext();
  await body(loadForTests);
  finished = true;
};

run().catch((problem) => fail('failed', problem));
