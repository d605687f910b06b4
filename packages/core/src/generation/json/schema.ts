import type { NumberRange } from './number-literal.ts';
import { resolveReference } from './reference.ts';
import { unsupported } from './schema-errors.ts';
import { areApart, jsonTypeOf } from './tell-apart.ts';
import type { CompiledSchema, ValueNode } from './value-node.ts';

type Fields = Readonly<Record<string, unknown>>;

/** They say something to people, and nothing of what is valid. */
const ANNOTATIONS = [
  ...['$schema', '$id', '$comment', '$defs', 'definitions', '$anchor', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly'],
];
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'propertyNames'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength'],
  number: BOUNDS,
  integer: BOUNDS,
  boolean: [],
  null: [],
};
/** `true`, as a schema. */
const ANYTHING = {};
/** Of schemas within each other. */
const DEEPEST = 100;

/** A schema on its way to nodes. */
interface Compilation {
  readonly root: unknown;
  readonly nodes: ValueNode[];
  /** Schemas that are nodes already, or are about to be. */
  readonly known: Map<unknown, number>;
}

/** A schema within the whole. */
interface Place {
  readonly path: string;
  readonly depth: number;
}

const within = ({ path, depth }: Place, name: string): Place => ({ path: `${path}/${name}`, depth: depth + 1 });

/**
 * A JSON schema as nodes: types, properties, items, bounds of numbers and lengths, `enum`, `const`, `anyOf`, `oneOf` whose
 * options are told apart by type or by a property, and references within the schema.
 * @throws {UserError} `option-invalid` naming the first keyword that an output cannot be held to
 */
export function compileSchema(schema: unknown): CompiledSchema {
  const compilation: Compilation = { root: schema, nodes: [], known: new Map() };
  compile(compilation, schema, { path: '#', depth: 0 });
  return compilation.nodes;
}

const add = ({ nodes }: Compilation, node: ValueNode): number => nodes.push(node) - 1;

function compile(to: Compilation, given: unknown, place: Place): number {
  const schema = given === true ? ANYTHING : given;
  const before = to.known.get(schema);
  if (before !== undefined) return before;
  if (!isFields(schema)) throw unsupported(place.path, 'is no schema that a value can fit');
  if (place.depth > DEEPEST) throw unsupported(place.path, `lies deeper than ${DEEPEST} schemas`);
  // It may hold itself: its number is known before what it is.
  const at = add(to, { kind: 'any-of', options: [] });
  to.known.set(schema, at);
  to.nodes[at] = { kind: 'any-of', options: optionsOf(to, schema, place) };
  return at;
}

function optionsOf(to: Compilation, given: Fields, place: Place): readonly number[] {
  const { path } = place;
  if (given.$ref !== undefined) {
    assertOnly(given, ['$ref'], path);
    const referred = resolveReference(to.root, given.$ref, path);
    return [compile(to, referred, { path: String(given.$ref), depth: place.depth + 1 })];
  }
  const choice = ['anyOf', 'oneOf'].find((name) => given[name] !== undefined);
  if (choice !== undefined) return choices(to, given, { ...place, choice });
  if (given.enum !== undefined || Object.hasOwn(given, 'const')) {
    assertOnly(given, ['enum', 'const', 'type'], path);
    return [add(to, { kind: 'literals', texts: literalTexts(given, path) })];
  }
  const types = given.type === undefined ? typesMeant(given) : [given.type].flat();
  const allowed = types.flatMap((type) => KEYWORDS[String(type)] ?? []);
  assertOnly(given, ['type', ...allowed], path);
  return types.map((type) => add(to, nodeOfType(to, type, given, place)));
}

function choices(to: Compilation, given: Fields, { choice, ...place }: Place & { readonly choice: string }): number[] {
  assertOnly(given, [choice], place.path);
  const list = given[choice];
  const own = within(place, choice);
  if (!Array.isArray(list) || list.length === 0) throw unsupported(own.path, 'is no list of schemas');
  const options = list.map((option, i) => compile(to, option, within(own, String(i))));
  if (choice === 'oneOf' && !areApart(options, to.nodes)) {
    throw unsupported(own.path, 'has options that neither a type nor a required property tells apart (anyOf?)');
  }
  return options;
}

function literalTexts(given: Fields, path: string): string[] {
  const values = Object.hasOwn(given, 'const') ? [given.const] : given.enum;
  if (!Array.isArray(values) || values.length === 0) throw unsupported(`${path}/enum`, 'is no list of values');
  if (given.enum !== undefined && Object.hasOwn(given, 'const')) throw unsupported(path, 'has both enum and const');
  const texts = values.filter((value) => isOfType(value, given.type)).map((value) => JSON.stringify(value));
  return [...new Set(texts)];
}

function nodeOfType(to: Compilation, type: unknown, given: Fields, place: Place): ValueNode {
  const { path } = place;
  switch (type) {
    case 'object':
      return objectNode(to, given, place);
    case 'array':
      if (Array.isArray(given.items)) throw unsupported(`${path}/items`, 'is a list, and is to be one schema for all');
      return {
        kind: 'array',
        items: compile(to, given.items ?? true, within(place, 'items')),
        ...lengthsOf(given, ['minItems', 'maxItems'], path),
      };
    case 'string':
      return { kind: 'string', ...lengthsOf(given, ['minLength', 'maxLength'], path) };
    case 'number':
    case 'integer':
      return { kind: 'number', range: rangeOf(given, type === 'integer', path) };
    case 'boolean':
      return { kind: 'literals', texts: ['true', 'false'] };
    case 'null':
      return { kind: 'literals', texts: ['null'] };
    default:
      throw unsupported(`${path}/type`, `is ${JSON.stringify(type)}, which is no type of JSON`);
  }
}

function objectNode(to: Compilation, given: Fields, place: Place): ValueNode {
  const { path } = place;
  const { properties = {}, required = [], additionalProperties: others = true, propertyNames = true } = given;
  if (!isFields(properties)) throw unsupported(`${path}/properties`, 'are none');
  if (!Array.isArray(required)) throw unsupported(`${path}/required`, 'is no list of names');
  if (propertyNames !== true && JSON.stringify(propertyNames) !== '{"type":"string"}') {
    throw unsupported(`${path}/propertyNames`, 'says more than that names are texts');
  }
  const names = Object.keys(properties);
  const missing = required.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw unsupported(`${path}/required`, `names "${missing}", which is none of its properties`);
  if (names.length === 0 && others !== false) {
    return { kind: 'record', value: compile(to, others, within(place, 'additionalProperties')) };
  }
  // Where others are let be, none is written.
  if (isFields(others) && Object.keys(others).length > 0) {
    throw unsupported(`${path}/additionalProperties`, 'is a schema beside properties');
  }
  return {
    kind: 'object',
    properties: names.map((name) => ({
      name,
      value: compile(to, properties[name], within(place, `properties/${name}`)),
      isRequired: required.includes(name),
    })),
  };
}

/** Without a type it is what its keywords speak of; without any of those anything. */
function typesMeant(given: Fields): string[] {
  const types = Object.keys(KEYWORDS).filter((type) => type !== 'integer');
  const spoken = Object.keys(given).filter((name) => types.some((type) => KEYWORDS[type]?.includes(name)));
  if (spoken.length === 0) return types;
  return types.filter((type) => spoken.every((name) => KEYWORDS[type]?.includes(name)));
}

function assertOnly(given: Fields, allowed: readonly string[], place: string): void {
  const other = Object.keys(given).find(
    (name) => !allowed.includes(name) && !ANNOTATIONS.includes(name) && !name.startsWith('x-') && !name.startsWith('~'),
  );
  if (other !== undefined) throw unsupported(`${place}/${other}`, `is a keyword that an output is not held to here`);
}

function lengthsOf(given: Fields, [fewest, most]: readonly [string, string], place: string) {
  const count = (name: string, otherwise: number): number => {
    const value = given[name] ?? otherwise;
    if (typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity)) return value;
    throw unsupported(`${place}/${name}`, 'is no whole number from 0');
  };
  return { least: count(fewest, 0), most: count(most, Infinity) };
}

function rangeOf(given: Fields, isInteger: boolean, place: string): NumberRange {
  const bound = (name: string, otherwise: number): number => {
    const value = given[name] ?? otherwise;
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    throw unsupported(`${place}/${name}`, 'is no number');
  };
  return {
    isInteger,
    minimum: bound('minimum', -Infinity),
    maximum: bound('maximum', Infinity),
    above: bound('exclusiveMinimum', -Infinity),
    below: bound('exclusiveMaximum', Infinity),
  };
}

/** Of literals: those that the type beside them lets be. */
function isOfType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true;
  return [type].flat().some((one) => one === jsonTypeOf(value) || (one === 'integer' && Number.isInteger(value)));
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
