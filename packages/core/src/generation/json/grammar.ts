import { gap, literal, type Part, space } from './parts.ts';
import { unsupported } from './schema-errors.ts';
import { shortestTexts } from './shortest-texts.ts';
import { numberRest, stringRest } from './text-parts.ts';
import type { CompiledSchema, ValueNode } from './value-node.ts';

type NodeOf<Kind extends ValueNode['kind']> = Extract<ValueNode, { kind: Kind }>;
type Ways = readonly (readonly Part[])[];

/** What the parts of one schema are made with. */
interface Grammar {
  readonly schema: CompiledSchema;
  /** Bytes of the shortest text of each node. */
  readonly least: readonly number[];
  /** A part that is made of others, as long as the shortest of its ways; one for each key. */
  made(key: string, ways: () => Ways): Part;
}

/**
 * The JSON texts of the values that fit a schema, as the part that a whole text is. Properties stand in the schema's order;
 * white space is what {@link gap} lets be.
 * @throws {UserError} `option-invalid` where no value fits
 */
export function grammarOf(schema: CompiledSchema): Part {
  const least = shortestTexts(schema);
  if (least[0] === Infinity) throw unsupported('#', 'is one that no value can fit');
  const known = new Map<string, Part>();
  const grammar: Grammar = {
    schema,
    least,
    made(key, ways) {
      const part = known.get(key) ?? madeOf(key, ways);
      known.set(key, part);
      return part;
    },
  };
  return grammar.made('text', () => [[gap, valuePart(grammar, 0)]]);
}

function madeOf(key: string, ways: () => Ways): Part {
  let least: number | undefined;
  return {
    key,
    get least() {
      least ??= Math.min(...ways().map((parts) => parts.reduce((sum, part) => sum + part.least, 0)));
      return least;
    },
    ways,
  };
}

const valuePart = (grammar: Grammar, at: number): Part => ({
  key: `value ${at}`,
  least: grammar.least[at] as number,
  ways: () => waysOf(grammar, grammar.schema[at] as ValueNode, at),
});

function waysOf(grammar: Grammar, node: ValueNode, at: number): Ways {
  switch (node.kind) {
    case 'object':
      return [[literal('{'), objectRest(grammar, node, { at, from: 0, isFirst: true })]];
    case 'record':
      return [
        [literal('{'), gap, literal('}')],
        [literal('{'), gap, ...entry(grammar, node), recordRest(grammar, node, at)],
      ];
    case 'array':
      return [[literal('['), arrayRest(grammar, node, at, 0)]];
    case 'string':
      return [[literal('"'), stringRest(node)]];
    case 'number':
      return [[numberRest(node.range, at)]];
    case 'literals':
      return node.texts.map((text) => [literal(text)]);
    case 'any-of':
      return node.options.map((option) => [valuePart(grammar, option)]);
  }
}

/** Before a property or the end: each property that may come next, as far as none that is required is passed over. */
function objectRest(
  grammar: Grammar,
  node: NodeOf<'object'>,
  { at, from, isFirst }: { readonly at: number; readonly from: number; readonly isFirst: boolean },
): Part {
  const { properties } = node;
  return grammar.made(`object ${at} ${from} ${isFirst}`, () => {
    const required = properties.findIndex(({ isRequired }, i) => i >= from && isRequired);
    const end = required < 0 ? properties.length : required + 1;
    const before = isFirst ? [gap] : [literal(','), gap];
    const next = properties
      .slice(from, end)
      .map(({ name, value }, i) => [
        ...[...before, literal(`${JSON.stringify(name)}:`), space, valuePart(grammar, value)],
        objectRest(grammar, node, { at, from: from + i + 1, isFirst: false }),
      ]);
    return required < 0 ? [...next, [gap, literal('}')]] : next;
  });
}

const entry = (grammar: Grammar, { value }: NodeOf<'record'>): Part[] => [
  ...[literal('"'), stringRest({ least: 0, most: Infinity })],
  ...[literal(':'), space, valuePart(grammar, value)],
];

const recordRest = (grammar: Grammar, node: NodeOf<'record'>, at: number): Part => ({
  key: `record ${at}`,
  least: 1,
  ways: () => [
    [gap, literal('}')],
    [literal(','), gap, ...entry(grammar, node), recordRest(grammar, node, at)],
  ],
});

/** Before an item or the end, after so many items. */
function arrayRest(grammar: Grammar, node: NodeOf<'array'>, at: number, written: number): Part {
  const { items, least, most } = node;
  // What no bound asks for is not counted, but that there are some.
  const count = Number.isFinite(most) ? written : Math.min(written, Math.max(1, least));
  const missing = Math.max(0, least - count);
  const commas = missing - (count === 0 ? 1 : 0);
  return {
    key: `array ${at} ${count}`,
    least: missing === 0 ? 1 : missing * (grammar.least[items] as number) + commas + 1,
    ways: () => [
      ...(missing === 0 ? [[gap, literal(']')]] : []),
      ...(count < most
        ? [
            [
              ...(count === 0 ? [gap] : [literal(','), gap]),
              ...[valuePart(grammar, items), arrayRest(grammar, node, at, count + 1)],
            ],
          ]
        : []),
    ],
  };
}
