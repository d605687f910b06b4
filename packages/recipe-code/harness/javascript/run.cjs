/**
 * Runs one program and its tests, inside the sandbox. The second part of the harness. Standard input brings `{nonce, program, tests, modules}` as JSON;
 * the nonce goes out on descriptor 3 once everything has run, something has been checked and nothing has failed. Ending
 * early, whatever the exit code, sends nothing. A failure sends its kind and message.
 *
 * Program and tests share top-level names. The tests are the body of an async function, so they may await, and may
 * declare names that the program has declared as well. They say when they check something (`markChecks`).
 */
const { readFileSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const vm = require('node:vm');

const RESULT = 3;
const { process: node, JSON: json, Object: object, Error: error, SyntaxError: syntaxError } = globalThis;
const { nonce, program, tests, modules } = json.parse(readFileSync(0, 'utf8'));
const load = createRequire(__filename);

let finished = false;
let drained = false;
let reported = false;
/** Checks that are made in no test of Node's runner. */
const outsideTests = { checks: 0 };
/** A failure that the tests have caught and kept to themselves. */
let kept;

const report = (result) => {
  if (reported) return;
  reported = true;
  writeSync(RESULT, `${json.stringify(result)}\n`);
};
const shown = (problem) => {
  try {
    return problem instanceof error ? `${problem.name}: ${problem.message}` : `${problem}`;
  } catch {
    // A program may throw an object that defies being shown.
    return 'an error that cannot be shown';
  }
};
const fail = (kind, problem) => {
  report({ kind, message: shown(problem).slice(0, 500) });
  node.reallyExit(1);
};

/** Node's own only prints. */
console.assert = (condition, ...message) => {
  if (!condition && !test()?.isSilent())
    fail('failed', `console.assert: ${message.length > 0 ? message.map(shown).join(' ') : 'not true'}`);
};

/** Assertions, and what else the tests load, as they are now, whatever the program does to them. */
const untouched = new Map();
const bare = (name) => name.replace(/^node:/, '');
const usesAssert = /(?<!console\.)assert/i.test(tests);
for (const name of [...(usesAssert ? ['assert', 'assert/strict'] : []), ...modules]) {
  try {
    untouched.set(bare(name), load(name));
  } catch {
    // The tests will fail for it, if they come to it.
  }
}
const assert = untouched.get('assert');
for (const thing of assert ? [assert, assert.strict, assert.AssertionError.prototype] : []) object.freeze(thing);

/** Node's test runner, where the tests load it. */
const ofRunner = untouched.has('test')
  ? countedTests(untouched.get('test'), load('async_hooks').AsyncLocalStorage)
  : undefined;
const test = () => ofRunner?.current();

/** The language's own functions, on which tests rely as much. */
const FUNDAMENTAL = [
  ...['Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol', 'BigInt', 'Promise', 'Error', 'JSON'],
  ...['Math', 'Reflect', 'console', 'globalThis'],
];
const FUNCTIONS = [
  ...['Date', 'RegExp', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Iterator', 'Proxy', 'ArrayBuffer', 'DataView'],
  ...['AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'isNaN'],
  ...['isFinite', 'parseInt', 'parseFloat', 'structuredClone', 'queueMicrotask', 'setImmediate', 'setInterval'],
  ...['setTimeout', 'clearImmediate', 'clearInterval', 'clearTimeout'],
];
/** What tests themselves change, to see what is printed or to stop the clock: afterwards it may be changed. */
const MOCKED = ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'now', 'random'];

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, has, ownKeys } = Reflect;
const isOwner = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const above = (owner) => (owner === null || owner === object.prototype ? [] : [owner, ...above(getPrototypeOf(owner))]);

const named = [...FUNDAMENTAL, ...FUNCTIONS].filter((name) => name !== 'globalThis').map((name) => globalThis[name]);
const unnamed = [[], new Map(), new Set(), '', 'a'.matchAll(/a/g)].map((one) => one[Symbol.iterator]());
unnamed.push(
  function* () {},
  (function* () {})(),
  async () => {},
  async function* () {},
  (async function* () {})(),
);
const owners = new Set([
  ...named.flatMap((one) => (typeof one === 'function' && isOwner(one.prototype) ? [one, one.prototype] : [one])),
  ...unnamed.flatMap((one) => above(getPrototypeOf(one))),
  ...above(new Uint8Array()),
  ...above(getPrototypeOf(node)),
]);
/** A name that the program gives to something of its own stays its own. */
const declared = new Set();
for (const [, name] of program.matchAll(/\b(?:function\*?|class|const|let|var)\s+([A-Za-z]+)\b/g)) declared.add(name);
/** `[owner, key, description]` of what can be changed and is used, before the program. */
const intrinsics = [];
const remember = (owner, keys, withValues) => {
  for (const key of keys) {
    const known = getOwnPropertyDescriptor(owner, key);
    if (typeof known.value === 'function' || known.get || (withValues && known.writable)) {
      intrinsics.push([owner, key, known]);
    }
  }
};
const keysOf = new Map();
for (const owner of owners) {
  const keys = ownKeys(owner);
  keysOf.set(owner, keys);
  remember(owner, keys, true);
}
for (const one of [node, ...untouched.values()]) if (isOwner(one)) remember(one, ownKeys(one), false);
// Not all there are: to look at some of them loads half of Node.
for (const name of [...FUNDAMENTAL, ...FUNCTIONS]) if (!declared.has(name)) remember(globalThis, [name], true);
const logs = console;
const mayBeMocked = ([owner, key]) => (owner === logs && key !== 'assert') || MOCKED.includes(key);

// Without iterators and methods of arrays: they may be what was changed.
const isAsBefore = (known) => {
  const now = getOwnPropertyDescriptor(known[0], known[1]);
  const before = known[2];
  return now !== undefined && now.value === before.value && now.get === before.get && now.set === before.set;
};
const firstChanged = (from) => {
  for (let i = from; i < intrinsics.length; i++) if (!isAsBefore(intrinsics[i])) return i;
  return -1;
};
/**
 * What a program has added to the language's objects stays, unless the language asks for it by itself: symbols, `then`,
 * `toJSON` (which a BigInt lacks), and what takes the place of something inherited.
 */
const addedProtocols = () =>
  [...keysOf].flatMap(([owner, known]) => {
    const keys = ownKeys(owner);
    // What is known is all there: it has been put back.
    if (keys.length === known.length) return [];
    const parent = getPrototypeOf(owner);
    const isAsked = (key) =>
      typeof key === 'symbol' ||
      key === 'then' ||
      (key === 'toJSON' && owner !== BigInt.prototype) ||
      (parent !== null && has(parent, key));
    return keys.filter((key) => !known.includes(key) && isAsked(key)).map((key) => [owner, key]);
  });
const changedMessage = 'the program changes functions of the language that its tests rely on';
const putBack = () => {
  for (let i = firstChanged(0); i !== -1; i = firstChanged(i + 1)) {
    const known = intrinsics[i];
    if (!defineProperty(known[0], known[1], known[2])) fail('failed', changedMessage);
  }
  for (const [owner, key] of addedProtocols()) if (!deleteProperty(owner, key)) fail('failed', changedMessage);
};
const isChanged = () => {
  for (let i = firstChanged(0); i !== -1; i = firstChanged(i + 1)) if (!mayBeMocked(intrinsics[i])) return true;
  return addedProtocols().some(([, key]) => typeof key === 'symbol' || !tests.includes(key));
};

/** What the tests are given by name, whatever the program calls its own things. */
const thrown = new Set();
const isFromTests = (problem) => /^[^\n]*tests\.js/.test(`${problem.stack}`.split(/^\s+at /m)[1] ?? '');
const caught = (problem, isPrinted) => {
  if (test()?.isSilent()) return;
  const isAssertion = assert && problem instanceof assert.AssertionError && isFromTests(problem);
  if (isAssertion || (isPrinted && thrown.has(problem))) kept ??= problem;
};
const leave = (code) => {
  if (code ?? node.exitCode) fail('failed', `the tests end with exit code ${code ?? node.exitCode}`);
  finished = true;
  drained = true;
  node.exit(code);
};
const process = new Proxy(node, { get: (target, key) => (key === 'exit' ? leave : target[key]) });
const given = {
  ...object.fromEntries(FUNDAMENTAL.map((name) => [name, globalThis[name]])),
  ...{ assert, process },
  require: (name) => {
    if (bare(name) === 'process') return process;
    return name === 'node:test' && ofRunner ? ofRunner.runner : (untouched.get(bare(name)) ?? load(name));
  },
  /** `import('node:test')` in the tests. */
  __imported: async (module) => (ofRunner ? { ...ofRunner.runner, default: ofRunner.runner } : module),
  __check(value) {
    const counter = test() ?? outsideTests;
    counter.checks += 1;
    return value;
  },
  __thrown(problem) {
    thrown.add(problem);
    return problem;
  },
  __caught: caught,
  __catching: (isPrinted, handle) => (problem) => {
    caught(problem, isPrinted);
    return handle(problem);
  },
};
const [givenNames, givenValues] = [object.keys(given), object.values(given)];

const compile = (code, filename) => {
  try {
    return new vm.Script(code, { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  } catch (problem) {
    return fail(problem instanceof syntaxError ? 'does-not-compile' : 'failed', problem);
  }
};

const onProblem = (problem) => fail('failed', problem);
const handlers = ['uncaughtException', 'unhandledRejection'];
/** Not before the end: timers and the test runner of Node report their failures when all else is done. */
const onExit = () => {
  if (!finished || !drained) return;
  if (isChanged() || handlers.some((event) => !node.listeners(event).includes(onProblem)))
    fail('failed', changedMessage);
  if (kept !== undefined) fail('failed', kept);
  if (node.exitCode) fail('failed', 'the test runner counts failures');
  const checks = outsideTests.checks + (ofRunner?.checks() ?? 0);
  report(checks === 0 ? { kind: 'not-tested', message: 'the tests have checked nothing' } : { kind: 'passed', nonce });
};

const run = async () => {
  const module = { exports: {} };
  for (const [name, value] of object.entries({ require: load, module, exports: module.exports })) {
    object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  compile(program, 'program.js').runInThisContext();
  putBack();
  // What the program has put in the way of failing tests and of the end.
  for (const event of [...handlers, 'beforeExit', 'exit']) node.removeAllListeners(event);
  for (const event of handlers) node.on(event, onProblem);
  node.on('beforeExit', () => {
    drained = finished;
  });
  node.on('exit', onExit);
  const code = `(function (${givenNames.join(', ')}) { return async function () {${tests}\n}; })`;
  await compile(code, 'tests.js').runInThisContext()(...givenValues)();
  finished = true;
};

run().catch(onProblem);
