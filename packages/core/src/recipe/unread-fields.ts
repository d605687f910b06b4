import type { z } from 'zod';
import type { Recipe } from './recipe.ts';
import { isFields, says } from './shapes/says.ts';

/** The fields of a row that say something and that nothing in its recipe reads, as paths: `category`, `reviews[].date`. */
export function unreadFieldsOf<Row>(recipe: Recipe<Row>, input: unknown): readonly string[] {
  return recipe.unreadFields?.(input) ?? unreadByParsing(recipe, input);
}

/**
 * Of a recipe whose `parseRow` is its author's own: what it does not ask the row for. One that copies the row asks for
 * everything.
 */
function unreadByParsing<Row>(recipe: Recipe<Row>, input: unknown): string[] {
  if (!isFields(input)) return [];
  const read = new Set<PropertyKey>();
  let copied = false;
  const watched = new Proxy(input, {
    get(fields, name) {
      read.add(name);
      return Reflect.get(fields, name);
    },
    ownKeys(fields) {
      copied = true;
      return Reflect.ownKeys(fields);
    },
  });
  recipe.parseRow(watched);
  return copied ? [] : Object.keys(input).filter((name) => !read.has(name) && says(input[name]));
}

/** The fields that a schema drops without a word: those of objects that it does not name. */
export function unreadBySchema(schema: z.ZodType, input: unknown): string[] {
  return [...new Set(unread(schema, input, ''))];
}

function unread(schema: z.core.$ZodType, value: unknown, path: string): string[] {
  // A text or a number has no fields.
  if (typeof value !== 'object' || value === null) return [];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return isFields(value) ? unreadOfObject(def, value, path) : [];
    case 'array':
      return Array.isArray(value) ? value.flatMap((one) => unread(def.element, one, `${path}[]`)) : [];
    case 'tuple':
      return Array.isArray(value)
        ? value.flatMap((one, i) => unreadIn(def.items[i] ?? def.rest ?? undefined, one, `${path}[]`))
        : [];
    case 'record':
      return Object.values(value).flatMap((one) => unread(def.valueType, one, `${path}{}`));
    case 'union':
      return unreadIn(
        def.options.find((option) => fits(option, value)),
        value,
        path,
      );
    case 'intersection': {
      const right = new Set(unread(def.right, value, path));
      return unread(def.left, value, path).filter((field) => right.has(field));
    }
    case 'pipe':
      // What a preprocessing makes of a value has its fields.
      return unread((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in, value, path);
    case 'lazy':
      return unread(def.getter(), value, path);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unread(def.innerType, value, path);
    default:
      return [];
  }
}

/** Nothing where no schema fits: what else is wrong is said elsewhere. */
const unreadIn = (schema: z.core.$ZodType | undefined, value: unknown, path: string): string[] =>
  schema ? unread(schema, value, path) : [];

function unreadOfObject(def: z.core.$ZodObjectDef, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const start = path === '' ? '' : `${path}.`;
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = def.shape[name];
    if (field) return unread(field, inner, `${start}${name}`);
    // A schema that lets other fields through hands them on.
    return def.catchall === undefined && says(inner) ? [`${start}${name}`] : [];
  });
}

const fits = (schema: z.core.$ZodType, value: unknown): boolean => (schema as z.ZodType).safeParse(value).success;

/** The fields of a row that has this schema; undefined where it lets others through, or sees the row before it is one. */
export function fieldsOfSchema(schema: z.core.$ZodType): string[] | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object': {
      const isOpen = def.catchall !== undefined && (def.catchall as z.core.$ZodTypes)._zod.def.type !== 'never';
      return isOpen ? undefined : Object.keys(def.shape);
    }
    case 'union':
      return allFields(def.options.map(fieldsOfSchema));
    case 'intersection':
      return allFields([fieldsOfSchema(def.left), fieldsOfSchema(def.right)]);
    case 'pipe':
      return fieldsOfSchema(def.in);
    case 'lazy':
      return fieldsOfSchema(def.getter());
    case 'readonly':
      return fieldsOfSchema(def.innerType);
    default:
      return undefined;
  }
}

/** Undefined where one of them is. */
export function allFields(parts: readonly (readonly string[] | undefined)[]): string[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? [...new Set(known.flat())] : undefined;
}
