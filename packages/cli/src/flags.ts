import { Option } from 'commander';
import { z } from 'zod';
import { optionError } from './option-error.ts';

/**
 * Flags from a schema, so that an option has one home: `learningRate` with its type, default and description becomes
 * `--learning-rate`. A schema's `meta` may add `placeholder` (what stands for the value in the help) and `variadic`
 * (several values after one flag; other lists are comma-separated).
 */

/** A switch is a boolean that is off by default: it takes no value. An optional one is a text, or true where none is given. */
type Kind = 'string' | 'number' | 'boolean' | 'switch' | 'optional' | 'list' | 'numbers' | 'pairs' | 'variadic';

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
  optional: 'text',
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
  if (types.includes('boolean') && types.includes('string')) return 'optional';
  if (isNumber(property) || property.anyOf?.some(isNumber)) return 'number';
  if (types.includes('boolean')) return property.default === false ? 'switch' : 'boolean';
  return 'string';
}

const isNumber = (property: FlagProperty | undefined) => property?.type === 'number' || property?.type === 'integer';

/** The flag as the parser wants it. Defaults stay with the schema: a value here means that the user gave it. */
export function commanderOption(flag: Flag): Option {
  const { kind, placeholder } = flag;
  if (kind === 'switch') return new Option(flag.flag, flag.description);
  if (kind === 'optional') return new Option(`${flag.flag} [${placeholder}]`, flag.description);
  if (kind === 'boolean') return new Option(`${flag.flag} [${placeholder}]`, flag.description).preset('true');
  const value = kind === 'variadic' ? `${placeholder}...` : placeholder;
  const option = new Option(`${flag.flag} <${value}>`, flag.description);
  if (kind !== 'pairs') return option;
  // Given twice, it says more pairs: the last one would otherwise be all.
  return option.argParser((given, before: string | undefined) => (before === undefined ? given : `${before},${given}`));
}

/** What stood on the command line, in the option's own type. @throws {UserError} where it does not fit the type. */
export function flagValue(flag: Flag, given: unknown): unknown {
  const text = String(given);
  if (flag.kind === 'optional') return given;
  if (flag.words?.includes(text)) return text;
  if (flag.kind === 'number') return numberOf(text, flag, ['a number', ...(flag.words ?? [])].join(' or '));
  // An empty list, as a program and a config file write it too.
  if (flag.kind === 'numbers' && /^\s*(\[\s*\])?\s*$/.test(text)) return [];
  if (flag.kind === 'numbers') return text.split(',').map((item) => numberOf(item, flag, 'numbers'));
  if (flag.kind === 'boolean' || flag.kind === 'switch') {
    if (text !== 'true' && text !== 'false') throw wrongType(flag, 'true or false', text);
    return text === 'true';
  }
  if (flag.kind === 'variadic') return Array.isArray(given) ? given.map(String) : [text];
  if (flag.kind === 'pairs') return pairsOf(text, flag);
  if (flag.kind === 'list') return text.split(',').map((item) => item.trim());
  return text;
}

/** What stands on the command line for a value: what `flagValue` makes that value of. A switch that is off is not there. */
export function flagWithValue({ flag, kind }: Flag, value: unknown): string[] {
  if (kind === 'switch') return value === true ? [flag] : [];
  if (kind === 'optional' && value === true) return [flag];
  if (kind === 'variadic') return [flag, ...(value as readonly unknown[]).map(String)];
  if (kind === 'list' || kind === 'numbers') return [flag, Array.isArray(value) ? value.join(',') : String(value)];
  if (kind === 'pairs') {
    const pairs = Object.entries(value as Readonly<Record<string, string>>);
    return [flag, pairs.map(([name, one]) => `${name}="${one.replaceAll('"', '""')}"`).join(',')];
  }
  return [flag, typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

/** A pair and what ends it; a value in quotes may hold commas, and quotes that are doubled. */
const PAIR = /\s*([^=,]*?)\s*=\s*(?:"((?:[^"]|"")*)"|([^",][^,]*?))\s*(?:,(?!$)|$)/y;

/** @throws {UserError} for what is no list of pairs, and for a name that stands twice */
function pairsOf(text: string, flag: Flag): Record<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at < text.length || at === 0; ) {
    PAIR.lastIndex = at;
    const [whole, name = '', quoted, plain = ''] = PAIR.exec(text) ?? [''];
    const value = quoted?.replaceAll('""', '"') ?? plain;
    if (name === '' || value === '') throw wrongType(flag, 'names with = between them', text);
    if (pairs.has(name)) {
      throw optionError(`${flag.flag} says twice what ${name} is`, flag.flag, `Give one of ${name}=….`);
    }
    pairs.set(name, value);
    at += whole.length;
  }
  return Object.fromEntries(pairs);
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
