import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

it('leaves a number by itself to JavaScript, whatever its field is called', () => {
  expect(parseRowJson('{"parameters": 7.0, "arguments": {"x": 2.0}}')).toEqual({
    parameters: 7,
    arguments: { x: numberLiteral('2.0') },
  });
});
