import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withCounters } from './instrument.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import { createRandom } from './random.ts';
import { targets } from './targets/index.ts';
import { isRefusal } from './targets/target.ts';

const folder = join(import.meta.dirname, 'regressions');
/** What one input may take, with room for a machine that does other things: those here took for ever. */
const LONG = 20_000;

const found = targets.flatMap((target) =>
  readdirSync(folder).includes(target.name)
    ? readdirSync(join(folder, target.name)).map((name) => ({ target, name, label: `${target.name}/${name}` }))
    : [],
);

describe('what once was more than a reader could bear', () => {
  beforeEach(() => {
    for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());

  it.each(found)(
    'is read or refused, and nothing is printed: $label',
    async ({ target, name }) => {
      const error = await Promise.resolve(readFileSync(join(folder, target.name, name)))
        .then((input) => target.read(input))
        .catch((cause: unknown) => cause);
      if (error !== undefined) expect(isRefusal(error), String((error as Error).stack)).toBe(true);
      for (const method of ['log', 'warn', 'error'] as const) expect(console[method]).not.toHaveBeenCalled();
    },
    LONG,
  );
});

describe('every target', () => {
  it.each(targets)('reads its seeds: $name', async ({ seeds, read }) => {
    expect(seeds.length).toBeGreaterThan(0);
    const errors = await Promise.all(
      seeds.map(async (seed) => read(seed)).map((reading) => Promise.resolve(reading).catch(String)),
    );
    expect(errors.filter((error) => error === undefined).length).toBeGreaterThan(0);
  });
});

describe('counters', () => {
  const branches = (script: string): number => {
    let counters = 0;
    withCounters(script, () => counters++);
    return counters;
  };

  it('stand in every branch, and change nothing', () => {
    const script = `
      const f = (a, b = () => ({ c: a })) => a ? b().c : a && (a ?? 2);
      function g(x) { if (x) return 1; else for (const y of [1, 2]) x += y; switch (x) { case 3: return f(x); default: return f(0) } }
      try { nothing() } catch { globalThis.caught = true }
      result = [f(1), f(0), g(0), g(1), (() => { let n = 3; while (n) n--; return n })()];`;
    const run = (code: string) =>
      new Function('fuzzCounters', `let result; ${code}; return result`)(counters) as unknown;
    const counters = new Uint8Array(100);
    expect(run(withCounters(script, () => 7))).toEqual(run(script));
    expect(counters[7]).toBeGreaterThan(5);
    expect(branches(script)).toBe(15);
  });
});

describe('mutations', () => {
  it('are the same for a seed, and make something else', () => {
    const make = (seed: number) => {
      const random = createRandom(seed);
      const input = Buffer.from('{"a":[1,2,{"b":"c"}],"d":null}');
      const context = { random, others: [Buffer.from('xyz')], words: ['"'] };
      return Array.from({ length: 200 }, () =>
        [mutateJson(input.toString(), random), mutateBytes(input, context).join()].join(),
      );
    };
    expect(make(5)).toEqual(make(5));
    expect(new Set(make(5)).size).toBeGreaterThan(150);
    expect(mutateJson('{', createRandom(1))).toBeUndefined();
  });
});
