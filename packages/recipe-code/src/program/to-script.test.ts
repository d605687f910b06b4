import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { toScript } from './to-script.ts';

const scriptOf = async (...given: Parameters<typeof toScript>) => {
  const script = await toScript(...given);
  if ('problem' in script) throw new Error(script.problem);
  return script.code;
};

it('leaves plain JavaScript and Python as they are', async () => {
  for (const source of ['x = 1;', 'function f(){return 1}', 'const a = require("fs");']) {
    expect(await scriptOf(source, 'javascript')).toBe(source);
  }
  expect(await scriptOf('def f(', 'python')).toBe('def f(');
});

it.each([
  ['export const f = (a: number): number => a + 1;', 'f(1)', 2],
  ['export function f(a: number) { return a; }', 'f(3)', 3],
  ['export default function f() { return 4; }', 'f()', 4],
  ['export default class F { x = 5 }', 'new F().x', 5],
  ['export enum E { a = 6 }', 'E.a', 6],
  ['export async function* f() {}', 'typeof f', 'function'],
  ['const f = 7; export { f };', 'f', 7],
  ['export let n: number = 8;', 'n', 8],
  ['interface A { a: 1 } type B = A; const b = { a: 1 } satisfies B;', 'b.a', 1],
  ['namespace N { export const x = 9 }', 'N.x', 9],
])('takes types and exports off: %s', async (source, use, value) => {
  const code = await scriptOf(source, 'typescript');
  expect(runInNewContext(`const exports = {};\n${code}\n;${use}`)).toBe(value);
});

it('makes require of import, in JavaScript too', async () => {
  const code = await scriptOf("import assert from 'node:assert';\nassert.ok(true);", 'javascript', 'function');
  expect(code).toMatch(/require\("node:assert"\)/);
});

describe('refuses what does not parse', () => {
  it.each([
    ['typescript', 'const f = (a: number => a', 'top-level'],
    ['typescript', 'let a = 1; let a = 2;', 'top-level'],
    ['javascript', 'function f( {', 'top-level'],
    ['javascript', 'const f = (a: number) => a;', 'top-level'],
    ['javascript', 'export const f = (a: number) => a;', 'top-level'],
    ['javascript', 'return 1;', 'top-level'],
    ['javascript', '(('.repeat(100_000), 'top-level'],
    ['typescript', '(('.repeat(100_000), 'top-level'],
    ['typescript', ' '.repeat(300_000), 'top-level'],
  ] as const)('%s: %.30s', async (language, source, place) => {
    expect(await toScript(source, language, place)).toHaveProperty('problem');
  });

  it('but lets tests await', async () => {
    expect(await toScript('await f();', 'javascript', 'function')).toHaveProperty('code');
    expect(await toScript('await f();', 'javascript')).toHaveProperty('problem');
  });
});
