'use strict';

/**
 * Runs one program and its tests, inside the sandbox: the first part of the harness. Standard input brings `{nonce, program, tests, modules}` as JSON;
 * the nonce goes out on descriptor 3 once everything has run, something has been checked and nothing has failed. Ending
 * early, whatever the exit code, sends nothing. A failure sends its kind and message.
 *
 * Program and tests share top-level names. The tests are the body of an async function, so they may await, and may
 * declare names that the program has declared as well. They say when they check something (`markChecks`).
 */
const { readFileSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const { inspect, types } = require('node:util');
const vm = require('node:vm');

const RESULT = 3;
const { process: node, JSON: json, Object: object, Error: error, SyntaxError: syntaxError } = globalThis;
const { nonce, program, tests, modules } = json.parse(readFileSync(0, 'utf8'));
const load = createRequire(__filename);
const { isPromise } = types;
const resolvePromise = globalThis.Promise.resolve.bind(globalThis.Promise);

let reported = false;
/** Checks that are made in no test of Node's runner. */
const outsideTests = { checks: 0 };

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
