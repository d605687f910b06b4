import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../../random.ts';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { tokenizerJsonSchema } from '../../tokenizer/tokenizer-json.ts';
import { jsonConstraint } from './json-constraint.ts';

const stories = await loadTokenizer(fileURLToPath(new URL('../../../../../models/stories260k', import.meta.url)));
const byteLevel = createTokenizer({
  json: tokenizerJsonSchema.parse(
    JSON.parse(readFileSync(new URL('../../tokenizer/fixtures/byte-level.tokenizer.json', import.meta.url), 'utf8')),
  ),
  bosId: undefined,
  eosId: 0,
  where: 'the fixture',
});

/** What chance writes under a schema: among all that is allowed, or mostly what is shortest. Undefined where nothing fits. */
function writeByChance(schema: unknown, tokenizer: Tokenizer, room: number, seed: number) {
  const random = createRandom(seed);
  const ids: number[] = [];
  let isHurried = false;
  for (let constraint = jsonConstraint(schema, tokenizer); ; ) {
    const allowed = constraint.allowed(room - ids.length);
    if (allowed.length === 0) return ids.length === 0 ? undefined : { text: tokenizer.decode(ids), isHurried };
    const id = allowed[random.integer(allowed.length)] as number;
    if (id === tokenizer.eosId) return { text: tokenizer.decode(ids), isHurried };
    isHurried ||= constraint.isHurried?.(room - ids.length) === true;
    ids.push(id);
    constraint = constraint.after(id);
    if (ids.length === room) {
      expect(constraint.allowed(0), 'the text is whole where the room ends').toContain(tokenizer.eosId);
      return { text: tokenizer.decode(ids), isHurried };
    }
  }
}

const name = fc.oneof(fc.constantFrom('a', 'b', 'name', 'größe', 'a"b', '__proto__2', ''), fc.string({ maxLength: 4 }));
const bounds = fc
  .tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 500 }))
  .map(([minimum, more]) => ({ minimum, maximum: minimum + more }));
const lengths = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })).map(([least, more]) => [least, least + more] as const);
const values = fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean(), fc.constant(null));

const { schema: anySchema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom({ type: 'string' }, { type: 'boolean' }, { type: 'null' }, { type: 'integer' }, { type: 'number' }),
    fc.tuple(fc.constantFrom('integer', 'number'), bounds).map(([type, own]) => ({ type, ...own })),
    lengths.map(([minLength, maxLength]) => ({ type: 'string', minLength, maxLength })),
    fc.uniqueArray(values, { minLength: 1, maxLength: 4 }).map((list) => ({ enum: list })),
    values.map((value) => ({ const: value })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc
      .tuple(tie('schema'), lengths)
      .map(([items, [minItems, maxItems]]) => ({ type: 'array', items, minItems, maxItems })),
    tie('schema').map((items) => ({ type: 'array', items })),
    fc
      .tuple(fc.dictionary(name, tie('schema'), { maxKeys: 4, noNullPrototype: true }), fc.infiniteStream(fc.boolean()))
      .map(([properties, required]) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter(() => required.next().value),
        additionalProperties: false,
      })),
  ),
}));

describe.each([
  ['bytes', byteLevel],
  ['pieces with bytes for the rest', stories],
])('with a tokenizer of %s', (_, tokenizer) => {
  it('writes JSON that fits, whatever schema and chance say, in any room that holds it', () => {
    fc.assert(
      fc.property(anySchema, fc.integer({ min: 1, max: 120 }), fc.nat(), (schema, room, seed) => {
        const written = writeByChance(schema, tokenizer, room, seed);
        if (!written) return; // There is no text of so few bytes.
        const parsed: unknown = JSON.parse(written.text);
        expect(z.fromJSONSchema(schema as never).safeParse(parsed).error, written.text).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('allows every value that fits, as JSON.stringify writes it and with spaces and lines', () => {
    const schema = {
      type: 'object',
      properties: {
        label: { enum: ['card arrival', 'lost card'] },
        note: { type: 'string' },
        numbers: { type: 'array', items: { type: 'number' } },
        inner: { anyOf: [{ type: 'null' }, { type: 'object', properties: { ok: { type: 'boolean' } } }] },
      },
      required: ['label', 'numbers'],
      additionalProperties: false,
    };
    const label = fc.constantFrom('card arrival', 'lost card');
    const fitting = fc.record(
      {
        label,
        note: fc.string({ unit: 'grapheme', maxLength: 8 }),
        numbers: fc.array(fc.integer(), { maxLength: 3 }),
        inner: fc.constantFrom(null, {}, { ok: true }),
      },
      { requiredKeys: ['label', 'numbers'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(fitting, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const { label, note, numbers, inner } = value;
        const inOrder = { label, ...(note !== undefined && { note }), numbers, ...(inner !== undefined && { inner }) };
        // An empty list or object has nothing in it, as JSON.stringify writes it too.
        let constraint = jsonConstraint(schema, tokenizer);
        for (const id of tokenizer.encode(JSON.stringify(inOrder, null, indent), 'continuation')) {
          expect(constraint.allowed(1000)).toContain(id);
          constraint = constraint.after(id);
        }
        expect(constraint.allowed(0)).toEqual([tokenizer.eosId]);
      }),
    );
  });
});

describe('the room', () => {
  const schema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };

  it('is too short for any text: nothing is allowed', () => {
    expect(jsonConstraint(schema, byteLevel).allowed('{"text":""}'.length - 1)).toEqual([]);
    expect(jsonConstraint(schema, byteLevel).allowed('{"text":""}'.length)).not.toEqual([]);
  });

  it('hurries a text to its end, and that is said', () => {
    for (let seed = 0; seed < 20; seed++) {
      const written = writeByChance(schema, byteLevel, 30, seed);
      expect(Object.keys(JSON.parse(written?.text ?? ''))).toEqual(['text']);
    }
    expect(jsonConstraint(schema, byteLevel).isHurried?.(11)).toBe(true);
    expect(jsonConstraint(schema, byteLevel).isHurried?.(1000)).toBe(false);
  });
});

describe('schemas', () => {
  const text = (schema: unknown, room = 200, seed = 5) => writeByChance(schema, byteLevel, room, seed)?.text ?? '';

  it('may hold themselves', () => {
    const schema = {
      $defs: { tree: { type: 'object', properties: { left: { $ref: '#/$defs/tree' }, n: { type: 'integer' } } } },
      type: 'array',
      items: { $ref: '#/$defs/tree' },
      minItems: 2,
    };
    for (let seed = 0; seed < 20; seed++) {
      const trees = JSON.parse(text(schema, 60, seed)) as { left?: unknown; n?: unknown }[];
      expect(trees.length).toBeGreaterThan(1);
      for (const tree of trees) expect(Object.keys(tree).every((key) => ['left', 'n'].includes(key))).toBe(true);
    }
  });

  it('may be anything, or any object', () => {
    for (let seed = 0; seed < 40; seed++) {
      expect(() => JSON.parse(text(true, 50, seed))).not.toThrow();
      expect(JSON.parse(text({ type: 'object' }, 50, seed))).toBeTypeOf('object');
      const numbers = JSON.parse(text({ type: 'object', additionalProperties: { type: 'integer' } }, 50, seed));
      expect(Object.values(numbers as object).every(Number.isInteger)).toBe(true);
    }
  });

  it('as zod writes them for objects, unions, records and whole numbers', () => {
    const order = z.object({
      id: z.int(),
      price: z.number().min(0.5).lt(1),
      kind: z.enum(['new', 'old']),
      at: z.nullable(z.string().max(3)),
      more: z.record(z.string(), z.boolean()),
      pay: z.discriminatedUnion('by', [
        z.object({ by: z.literal('card'), digits: z.string().length(4) }),
        z.object({ by: z.literal('cash') }),
      ]),
    });
    for (let seed = 0; seed < 40; seed++) {
      const written = text(z.toJSONSchema(order), 250, seed);
      expect(order.safeParse(JSON.parse(written)).error, written).toBeUndefined();
    }
  });

  it.each([
    [{ type: 'string', pattern: '^a' }, '#/pattern'],
    [{ type: 'string', format: 'email' }, '#/format'],
    [{ type: 'object', properties: { a: { type: 'array', uniqueItems: true } } }, '#/properties/a/uniqueItems'],
    [{ type: 'object', properties: {}, required: ['b'] }, '#/required'],
    [{ allOf: [{ type: 'string' }] }, '#/allOf'],
    [{ not: {} }, '#/not'],
    [{ $ref: 'https://example.com/schema' }, '#/$ref'],
    [{ $ref: '#/$defs/nothing' }, '#/$ref'],
    [{ $ref: '#/%' }, '#/$ref'],
    [{ oneOf: [{ type: 'string' }, { const: 'a' }] }, '#/oneOf'],
    [{ type: 'text' }, '#/type'],
    [{ type: 'integer', minimum: 1, maximum: 0 }, 'no value can fit'],
    [
      { $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' }, minItems: 1 } }, $ref: '#/$defs/a' },
      'no value can fit',
    ],
    [false, '# is no schema'],
    ['{}', '# is no schema'],
  ])('%j is refused with what it is refused for', (schema, named) => {
    expect(() => jsonConstraint(schema, byteLevel)).toThrow(named);
    expect(() => jsonConstraint(schema, byteLevel)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });
});
