// The last part of the harness: runs the program, and then its tests.

let finished = false;
let drained = false;
/** The tests have ended the process themselves. */
let left = false;
/** A failure that the tests have caught and kept to themselves. */
let kept;

/** What the tests are given by name, whatever the program calls its own things. */
const thrown = new Set();
const isFromTests = (problem) => /^[^\n]*tests\.js/.test(`${problem.stack}`.split(/^\s+at /m)[1] ?? '');
/** Promises that the tests wait for. Kept while they may be pending, which only inspecting them tells. */
let waited = [];
let mostWaited = 1000;
const isPending = (promise) => /^[^{]*\{\s*<pending>/.test(inspect(promise, { depth: 0, customInspect: false }));
const waits = (value) => {
  const isNative = isPromise(value);
  if (!isNative && !(isOwner(value) && typeof value.then === 'function')) return value;
  const promise = isNative ? value : resolvePromise(value);
  if (test()?.isSilent()) return promise;
  waited.push(promise);
  if (waited.length > mostWaited) {
    waited = waited.filter(isPending);
    mostWaited = 2 * waited.length + 1000;
  }
  return promise;
};
const caught = (problem, isPrinted) => {
  if (test()?.isSilent()) return;
  const isAssertion = assert && problem instanceof assert.AssertionError && isFromTests(problem);
  if (isAssertion || (isPrinted && thrown.has(problem))) kept ??= problem;
};
const leave = (code) => {
  if (code ?? node.exitCode) fail('failed', `the tests end with exit code ${code ?? node.exitCode}`);
  finished = true;
  drained = true;
  left = true;
  node.exit(code);
};
/** The exit code that the tests have set last, which a program can't take back. */
let codeOfTests;
const process = new Proxy(node, {
  get: (target, key) => (key === 'exit' ? leave : target[key]),
  set(target, key, value) {
    if (key === 'exitCode') codeOfTests = value;
    target[key] = value;
    return true;
  },
});
const given = {
  ...object.fromEntries([...GIVEN, ...(words.has('eval') ? ['eval'] : [])].map((name) => [name, globalThis[name]])),
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
  __waits: waits,
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
  if (!left && waited.some(isPending)) fail('failed', 'the tests wait for what never comes');
  const failure = ofRunner?.failure();
  if (failure !== undefined) fail('failed', failure);
  if (codeOfTests) fail('failed', `the tests end with exit code ${codeOfTests}`);
  if (node.exitCode) fail('failed', 'the test runner counts failures');
  const checks = outsideTests.checks + (ofRunner?.checks() ?? 0);
  report(checks === 0 ? { kind: 'not-tested', message: 'the tests have checked nothing' } : { kind: 'passed', nonce });
  // All is done: Node's own end takes milliseconds, and waits for what V8 still compiles.
  node.reallyExit(0);
};

const run = async () => {
  const module = { exports: {} };
  for (const [name, value] of object.entries({ require: load, module, exports: module.exports })) {
    object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  compile(program, 'program.js').runInThisContext();
  if (areCaptured()) fail('failed', changedMessage);
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
