import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../jinja/index.ts';
import { literalOf, numberLiteral, parseExactJson, parseRowJson } from './exact-json.ts';

describe('numbers in JSON', () => {
  it.each(['20.0', '1234567890123456789', '1e5', '-0.0', '1.5E+300', '123456789012345678901234567890'])(
    'stay what they are written as: %s',
    (source) => {
      expect(literalOf(parseExactJson(source))).toBe(source);
    },
  );

  it.each(['20', '0.5', '1e-07', '-3', '9007199254740991', '"20.0"', '{"1e5": "20.0"}'])(
    'are JavaScript’s own where these say the same: %s',
    (source) => {
      expect(parseExactJson(source)).toEqual(JSON.parse(source));
    },
  );

  it('are the same as everywhere else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseRowJson(`{"tools":[],"x":${text}}`)).toEqual({ tools: [], x: JSON.parse(text) });
      }),
    );
  });
});

describe('names in JSON', () => {
  const source = '{"b": 1, "10": {"2": "\\"10\\": ", "01": [{"y": 0, "\\u0031": 1}]}, "9": "x", "a\\"3": 1}';

  it('keep their order, where templates write them', () => {
    const text = compileTemplate('{{ x | tojson }}').render({ x: parseExactJson(source) }, { date: new Date(0) });
    expect(text).toBe('{"b": 1, "10": {"2": "\\"10\\": ", "01": [{"y": 0, "1": 1}]}, "9": "x", "a\\"3": 1}');
  });

  it('are JavaScript’s own beside calls', () => {
    expect(parseRowJson(`{"tools": [], "x": ${source}}`)).toEqual({ tools: [], x: JSON.parse(source) });
  });

  it('are what they are, whatever they are', () => {
    const names = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('__proto__', '007', '"3'));
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(fc.integer(), fc.string(), fc.array(tie('json')), fc.array(fc.tuple(names, tie('json')))),
    }));
    const isEntries = (value: unknown): value is [string, unknown][] =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => Array.isArray(one) && typeof one[0] === 'string');
    const write = (value: unknown): string => {
      if (isEntries(value)) {
        const entries = [...new Map(value.map(([name, inner]) => [name, inner]))];
        return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}: ${write(inner)}`).join(', ')}}`;
      }
      return Array.isArray(value) ? `[${value.map(write).join(', ')}]` : JSON.stringify(value);
    };
    const template = compileTemplate('{{ x | tojson }}');
    fc.assert(
      fc.property(json, (value) => {
        const written = write(value);
        const text = template.render({ x: parseExactJson(written) }, { date: new Date(0) });
        expect(text).toBe(written);
      }),
    );
  });
});

it('tells what is wrong in a text by what was written', () => {
  expect(() => parseExactJson('{"10": 1,}')).toThrow(/position 9/);
});

it('leaves a number by itself to JavaScript, whatever its field is called', () => {
  expect(parseRowJson('{"parameters": 7.0, "arguments": {"x": 2.0}}')).toEqual({
    parameters: 7,
    arguments: { x: numberLiteral('2.0') },
  });
});
