// The second part of the harness.
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, has, ownKeys } = Reflect;
const { then } = globalThis.Promise.prototype;
const isFunction = (value) => typeof value === 'function';

/** Runs the body of a test, and keeps what it fails by; the runner gets the same promise, and the same callback. */
const watched = (test, body, self, context) => {
  const told = (problem) => {
    test.problem ??= problem ?? 'a test has failed';
  };
  const [, done] = context;
  if (isFunction(done)) {
    context[1] = (problem) => {
      if (problem) told(problem);
      return done(problem);
    };
  }
  try {
    const result = apply(body, self, context);
    if (isPromise(result)) apply(then, result, [undefined, told]);
    return result;
  } catch (problem) {
    told(problem);
    throw problem;
  }
};

/**
 * Node's test runner, in which the checks of each test are counted apart: those of a test that is `todo`, skipped or
 * expected to fail, or lies in one, say nothing of the program.
 *
 * @returns the runner for tests to load; `current()`, the test that is being run: `{ checks, isSilent() }`; and, of the
 *   tests that count, `checks()`, how many were made, and `failure()`, what the first one has failed by
 */
const countedTests = (runner, AsyncLocalStorage) => {
  const storage = new AsyncLocalStorage();
  const tests = [];
  const silencing = ['skip', 'todo', 'expectFailure'];

  const newTest = (isMarked) => {
    const above = storage.getStore();
    const test = { checks: 0, isMarked, isSilent: () => test.isMarked || (above?.isSilent() ?? false) };
    tests.push(test);
    return test;
  };
  /** What a test is given marks it as well, while it runs; its own tests are counted too. */
  const inContext = (context, test) => {
    for (const key of silencing) {
      const mark = context?.[key];
      if (!isFunction(mark)) continue;
      context[key] = (...given) => {
        if (isBelowProgram()) fail('failed', 'the program skips its tests');
        test.isMarked = true;
        return apply(mark, context, given);
      };
    }
    if (isFunction(context?.test)) context.test = counted(context.test, false);
  };
  const counted = (run, isMarked) =>
    function (...given) {
      const at = given.findLastIndex(isFunction);
      if (at === -1) return apply(run, this, given);
      const body = given[at];
      const options = given.find((one) => typeof one === 'object' && one !== null);
      const test = newTest(isMarked || silencing.some((key) => options?.[key]));
      given[at] = function (...context) {
        inContext(context[0], test);
        return storage.run(test, () => watched(test, body, this, context));
      };
      // By its length the runner knows whether a test takes a callback.
      for (const key of ['length', 'name']) defineProperty(given[at], key, { value: body[key] });
      return apply(run, this, given);
    };
  const wrapped = new Map();
  const copyOf = (run, isMarked) => {
    if (wrapped.has(run)) return wrapped.get(run);
    const copy = counted(run, isMarked);
    wrapped.set(run, copy);
    for (const key of ownKeys(run)) {
      const known = getOwnPropertyDescriptor(run, key);
      const isTest = ['test', 'it', 'describe', 'suite', 'only', ...silencing].includes(key);
      if (isTest && isFunction(known.value)) known.value = copyOf(known.value, silencing.includes(key));
      if (key !== 'prototype') defineProperty(copy, key, known);
    }
    return copy;
  };
  const total = (sum, test) => (test.isSilent() ? sum : sum + test.checks);
  return {
    runner: copyOf(runner, false),
    current: () => storage.getStore(),
    checks: () => tests.reduce(total, 0),
    failure: () => tests.find((test) => test.problem !== undefined && !test.isSilent())?.problem,
  };
};

/** Node's test runner, where the tests load it. */
const ofRunner = untouched.has('test')
  ? countedTests(untouched.get('test'), load('async_hooks').AsyncLocalStorage)
  : undefined;
const test = () => ofRunner?.current();
