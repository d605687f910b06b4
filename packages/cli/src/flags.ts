import { Option } from 'commander';
import { z } from 'zod';
import { optionError } from './option-error.ts';

/**
 * Flags from a schema, so that an option has one home: `learningRate` with its type, default and description becomes
 * `--learning-rate`. A schema's `meta` may add `placeholder` (what stands for the value in the help) and `variadic`
 * (several values after one flag; other lists are comma-separated).
 */

/** A switch is a boolean that is off by default: it takes no value. */
type Kind = 'string' | 'number' | 'boolean' | 'switch' | 'list' | 'numbers' | 'pairs' | 'variadic';

/** An option as JSON Schema writes it, as far as flags care. */
export interface FlagProperty {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly FlagProperty[];
  readonly items?: FlagProperty;
  /** Of an object: what each of its values is. */
  readonly additionalProperties?: FlagProperty | boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly placeholder?: string;
  readonly variadic?: boolean;
}

export interface Flag {
  /** As in the schema and in code: `learningRate`. */
  readonly name: string;
  /** As on the command line: `--learning-rate`. */
  readonly flag: string;
  readonly kind: Kind;
  readonly placeholder: string;
  /** Words that may stand in place of a number. */
  readonly words?: readonly string[];
  /** For the help: what it does, its choices and its default. */
  readonly description: string;
}

export const flagName = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** One flag for every property of the schema, in the schema's order. */
export function flagsOf(schema: z.ZodObject): Flag[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return flagsOfProperties(properties as Record<string, FlagProperty>);
}

export const flagsOfProperties = (properties: Readonly<Record<string, FlagProperty>>): Flag[] =>
  Object.entries(properties).map(([name, property]) => flagOf(name, property));

function flagOf(name: string, property: FlagProperty): Flag {
  const kind = kindOf(property);
  const words = (property.anyOf ?? []).flatMap((one) => (typeof one.const === 'string' ? [one.const] : []));
  const hasDefault = property.default !== undefined && kind !== 'switch';
  const facts = [
    ...(property.enum ? [property.enum.join(', ')] : []),
    ...(hasDefault ? [`default: ${String(property.default)}`] : []),
  ];
  return {
    name,
    flag: flagName(name),
    kind,
    placeholder: property.placeholder ?? (property.enum ? 'name' : [placeholders[kind], ...words].join('|')),
    ...(words.length > 0 ? { words } : {}),
    description: [property.description ?? '', ...(facts.length > 0 ? [`(${facts.join('; ')})`] : [])].join(' '),
  };
}

const placeholders: Record<Kind, string> = {
  string: 'text',
  number: 'n',
  boolean: 'true|false',
  switch: '',
  list: 'a,b',
  numbers: 'n,n',
  pairs: 'name=name,…',
  variadic: 'file',
};

function kindOf(property: FlagProperty): Kind {
  if (property.variadic) return 'variadic';
  const { additionalProperties: values } = property;
  if (property.type === 'object' && typeof values === 'object' && values.type === 'string') return 'pairs';
  const types = [property.type, ...(property.anyOf ?? []).map((one) => one.type)];
  if (types.includes('array')) return isNumber(property.items) ? 'numbers' : 'list';
  if (isNumber(property) || property.anyOf?.some(isNumber)) return 'number';
  if (types.includes('boolean')) return property.default === false ? 'switch' : 'boolean';
  return 'string';
}

const isNumber = (property: FlagProperty | undefined) => property?.type === 'number' || property?.type === 'integer';

/** The flag as the parser wants it. Defaults stay with the schema: a value here means that the user gave it. */
export function commanderOption(flag: Flag): Option {
  const { kind, placeholder } = flag;
  if (kind === 'switch') return new Option(flag.flag, flag.description);
  if (kind === 'boolean') return new Option(`${flag.flag} [${placeholder}]`, flag.description).preset('true');
  const value = kind === 'variadic' ? `${placeholder}...` : placeholder;
  return new Option(`${flag.flag} <${value}>`, flag.description);
}

/** What stood on the command line, in the option's own type. @throws {UserError} where it does not fit the type. */
export function flagValue(flag: Flag, given: unknown): unknown {
  const text = String(given);
  if (flag.words?.includes(text)) return text;
  if (flag.kind === 'number') return numberOf(text, flag, ['a number', ...(flag.words ?? [])].join(' or '));
  if (flag.kind === 'numbers') return text.split(',').map((item) => numberOf(item, flag, 'numbers'));
  if (flag.kind === 'boolean' || flag.kind === 'switch') {
    if (text !== 'true' && text !== 'false') throw wrongType(flag, 'true or false', text);
    return text === 'true';
  }
  if (flag.kind === 'variadic') return Array.isArray(given) ? given.map(String) : [text];
  if (flag.kind === 'pairs') return Object.fromEntries(text.split(',').map((pair) => pairOf(pair, flag)));
  if (flag.kind === 'list') return text.split(',').map((item) => item.trim());
  return text;
}

function pairOf(text: string, flag: Flag): [string, string] {
  const [name, value] = [text.slice(0, text.indexOf('=')).trim(), text.slice(text.indexOf('=') + 1).trim()];
  if (text.includes('=') && name !== '' && value !== '') return [name, value];
  throw wrongType(flag, 'names with = between them', text);
}

function numberOf(text: string, flag: Flag, wanted: string): number {
  if (text.trim() === '' || Number.isNaN(Number(text))) throw wrongType(flag, wanted, text);
  if (!Number.isFinite(Number(text))) {
    const fix = `Write a number that is finite: the largest is ${Number.MAX_VALUE.toPrecision(2)}.`;
    throw optionError(`${flag.flag} cannot be ${text}: it is too large for a number`, flag.flag, fix);
  }
  return Number(text);
}

const wrongType = (flag: Flag, wanted: string, text: string) =>
  optionError(`${flag.flag} takes ${wanted}, not "${text}"`, flag.flag, `Write ${flag.flag} <${flag.placeholder}>.`);
