import { z } from 'zod';

/** What a form asks for an option. */
export interface Field {
  readonly name: string;
  readonly kind: 'choice' | 'switch' | 'number' | 'list' | 'text';
  readonly choices?: readonly string[];
  readonly description: string;
  readonly isRequired: boolean;
  /** As a form shows it; undefined where there is none, or where the recipe decides. */
  readonly initial?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** Values of a form, by the names of its fields. */
export type FormValues = Readonly<Record<string, string>>;

/** By what it has, not by class: a recipe may bring its own copy of zod. */
export const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === 'object' && value !== null && '_zod' in value;

/**
 * The fields of a form for options. Of a schema with alternatives (a recipe's tasks), those of the alternative that the
 * form's values choose, after the field that chooses.
 */
export function fieldsOf(schema: unknown, values: FormValues): Field[] {
  if (!isSchema(schema)) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const alternatives = json.oneOf ?? json.anyOf ?? [];
  if (alternatives.length === 0) return propertiesOf(json);
  const chooser = chooserOf(alternatives);
  if (chooser === undefined) return propertiesOf(alternatives[0] as JsonSchema);
  const choices = alternatives.map((one) => String(one.properties?.[chooser]?.const));
  const chosen = choices.includes(values[chooser] ?? '') ? values[chooser] : choices[0];
  const alternative = alternatives[choices.indexOf(chosen as string)] as JsonSchema;
  const { description = '' } = alternative.properties?.[chooser] ?? {};
  return [
    { name: chooser, kind: 'choice', choices, description, isRequired: true, initial: choices[0] },
    ...propertiesOf(alternative).filter(({ name }) => name !== chooser),
  ];
}

/** The property that is another text in each alternative. */
const chooserOf = (alternatives: readonly JsonSchema[]): string | undefined =>
  Object.keys(alternatives[0]?.properties ?? {}).find((name) =>
    alternatives.every(({ properties }) => typeof properties?.[name]?.const === 'string'),
  );

const propertiesOf = ({ properties = {}, required = [] }: JsonSchema): Field[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    const kind = kindOf(property);
    if (kind === undefined) return [];
    return [
      {
        name,
        ...kind,
        description: property.description ?? '',
        isRequired: required.includes(name) && property.default === undefined,
        initial: shown(property.default),
        minimum: property.minimum,
        maximum: property.maximum,
      },
    ];
  });

/** Nothing for what a form cannot ask: nested options. */
function kindOf({
  type,
  enum: choices,
  const: only,
  items,
  anyOf,
}: JsonSchema): Pick<Field, 'kind' | 'choices'> | undefined {
  const texts = choices ?? (only === undefined ? undefined : [only]);
  if (texts?.every((choice) => typeof choice === 'string')) return { kind: 'choice', choices: texts as string[] };
  if (type === 'boolean') return { kind: 'switch' };
  if (type === 'number' || type === 'integer') return { kind: 'number' };
  if (type === 'array')
    return ['string', 'number', 'integer'].includes(items?.type ?? '') ? { kind: 'list' } : undefined;
  // A number or a word, such as `epoch`.
  return type === 'string' || anyOf?.some(kindOf) ? { kind: 'text' } : undefined;
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/**
 * What a form says, as options: without what is empty, and without what is as it would be anyway. A value that does not fit
 * its field stays a text, for the schema to refuse.
 */
export function readFields(fields: readonly Field[], values: FormValues): Record<string, unknown> {
  const given = fields.flatMap((field) => {
    const text = values[field.name]?.trim() ?? '';
    const isUsual = text === (field.initial ?? '') && !field.isRequired;
    return text === '' || isUsual ? [] : [[field.name, readValue(field, text)] as const];
  });
  return Object.fromEntries(given);
}

function readValue({ kind }: Field, text: string): unknown {
  if (kind === 'switch') return text === 'true';
  if (kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const isNumber = kind === 'number' || kind === 'text' ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) : false;
  return isNumber && (kind === 'number' || /^\d+$/.test(text)) ? Number(text) : text;
}
