import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubledKey } from './json-keys.ts';

describe('doubledKey', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"b":{"c":[{}, {"d":"x,\\"d\\":", "d":1}]}}', 'd'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['{"a":{"x":1}, "b":{"x":1}, "a" : 3}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a\\\\":1,"a\\\\":2}', 'a\\'],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":"a","b":["a","a","b"]}', undefined],
    ['{"a":"\\"a\\":1,\\\\","b":1}', undefined],
    ['"a"', undefined],
  ])('of %s is %s', (json, name) => {
    expect(() => JSON.parse(json)).not.toThrow();
    expect(doubledKey(json)).toBe(name);
  });

  it('is none in whatever was written from a value', () => {
    fc.assert(fc.property(fc.json(), (json) => void expect(doubledKey(json)).toBeUndefined()));
  });

  it('is found wherever it is put', () => {
    const entry = fc.tuple(fc.string(), fc.json());
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), fc.array(fc.json()), (entries, others) => {
        const doubled = [...entries, entries[0] as [string, string]];
        const object = `{${doubled.map(([name, value]) => `${JSON.stringify(name)} : ${value}`).join(',')}}`;
        void expect(doubledKey(`[${[...others, object].join(', ')}]`)).toBeDefined();
      }),
    );
  });
});
