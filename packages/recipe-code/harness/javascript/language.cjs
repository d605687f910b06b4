/**
 * What tests rely on, as it is before the program, whatever the program does to it. The third part of the harness.
 */

/** The language's own functions that expressions use without naming them. What else there is, tests name. */
const EXPRESSED = [
  ...['Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol', 'BigInt', 'Promise', 'Error', 'RegExp'],
];
/** What tests are given by value, whatever the program calls its own things. */
const GIVEN = [...EXPRESSED, 'JSON', 'Math', 'Reflect', 'console', 'globalThis'];
/** What tests themselves change, to see what is printed or to stop the clock: afterwards it may be changed. */
const MOCKED = ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'now', 'random'];

/** What the tests name: to look at all there is loads half of Node. */
const words = new Set(tests.match(/\w+/g));
const apart = [...EXPRESSED, 'process', 'global', 'globalThis'];
const mentioned = ownKeys(globalThis).filter((name) => words.has(name) && !apart.includes(name));
const valueIn = (owner, key) => {
  try {
    return owner[key];
  } catch {
    // What this process was not started for, such as localStorage.
    return undefined;
  }
};
const isOwner = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const above = (owner) => (owner === null || owner === object.prototype ? [] : [owner, ...above(getPrototypeOf(owner))]);

const named = EXPRESSED.map((name) => globalThis[name]);
const isClass = (value) => typeof value === 'function' && isOwner(value.prototype);
for (const one of mentioned.map((name) => valueIn(globalThis, name)).filter(isOwner)) {
  named.push(one);
  // Intl holds classes, and a class may have another above it.
  if (typeof one === 'object') for (const key of ownKeys(one)) if (isClass(valueIn(one, key))) named.push(one[key]);
  if (isClass(one)) named.push(...above(one.prototype).slice(1));
}
const unnamed = [[], new Map(), new Set(), '', 'a'.matchAll(/a/g)].map((one) => one[Symbol.iterator]());
unnamed.push(
  function* () {},
  (function* () {})(),
  async () => {},
  async function* () {},
  (async function* () {})(),
);
const owners = new Set([
  ...named.flatMap((one) => (isClass(one) ? [one, one.prototype] : [one])),
  ...unnamed.flatMap((one) => above(getPrototypeOf(one))),
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
const changedMessage = 'the program changes functions of the language that its tests rely on';
/** Whether the program has called what is running. */
const isBelowProgram = () => /\bprogram\.js:\d/.test(`${new error().stack}`);
/** Whether exceptions that are not caught go elsewhere; Node's old domains take them, too. */
const areCaptured = () =>
  node.hasUncaughtExceptionCaptureCallback() || getOwnPropertyDescriptor(node, 'domain')?.get !== undefined;
const keysOf = new Map();
for (const owner of owners) {
  const keys = ownKeys(owner);
  keysOf.set(owner, keys);
  remember(owner, keys, true);
}
/** A program can't see to exceptions that are not caught. */
node.setUncaughtExceptionCaptureCallback = () => fail('failed', changedMessage);
for (const one of [node, ...untouched.values()]) if (isOwner(one)) remember(one, ownKeys(one), false);
// Not all there are: to look at some of them loads half of Node.
for (const name of [...GIVEN, ...mentioned]) if (!declared.has(name)) remember(globalThis, [name], true);
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
const putBack = () => {
  for (let i = firstChanged(0); i !== -1; i = firstChanged(i + 1)) {
    const known = intrinsics[i];
    if (!defineProperty(known[0], known[1], known[2])) fail('failed', changedMessage);
  }
  for (const [owner, key] of addedProtocols()) if (!deleteProperty(owner, key)) fail('failed', changedMessage);
};
const isChanged = () => {
  if (areCaptured()) return true;
  for (let i = firstChanged(0); i !== -1; i = firstChanged(i + 1)) if (!mayBeMocked(intrinsics[i])) return true;
  return addedProtocols().some(([, key]) => typeof key === 'symbol' || !tests.includes(key));
};
