import { z } from 'zod';
import { dataOptions } from '../../packages/core/src/training/data-options.ts';
import { trainingOptionsSchema } from '../../packages/core/src/training/options.ts';
import { apart, bounds, inWords, type Property } from './option-facts.ts';

/**
 * The options of training as an interface, so that an editor shows what each does, its range and its default: a type that
 * is inferred from a schema has no comments. The schema stays the one home of both.
 */
export function optionInterfaces(): string {
  const own = Object.keys(trainingOptionsSchema.shape).filter((name) => !Object.hasOwn(dataOptions, name));
  const { properties = {} } = z.toJSONSchema(trainingOptionsSchema, { io: 'input', unrepresentable: 'any' });
  const fields = (names: readonly string[]) =>
    names.map((name) => fieldOf(name, properties[name] as Property)).join('');
  return [
    '// Made from the schemas beside it: `pnpm docs:tables` writes it anew.\n\n',
    '/** Which rows are read, and which of them are held out. */\n',
    `export interface DataOptionsInput {\n${fields(Object.keys(dataOptions))}}\n\n`,
    '/** What a run is told about training. All of it may be left out. */\n',
    `export interface TrainingOptionsInput extends DataOptionsInput {\n${fields(own)}}\n`,
  ].join('');
}

const fieldOf = (name: string, property: Property): string =>
  `${asComment(factsOf(property))}  ${name}?: ${typeOf(property)} | undefined;\n`;

/** Sentences: what it does, its range, its default. */
function factsOf(property: Property): string {
  const [description, prose] = apart(property.description ?? '');
  const given = property.default === undefined ? prose : `\`${inWords(property.default)}\``;
  const range = [property.type === 'integer' ? 'a whole number' : '', bounds(property)].filter(Boolean).join(' ');
  const sentences = [description, range, given && `default: ${given}`].filter(Boolean);
  return sentences.map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`).join(' ');
}

function typeOf({ enum: words, const: word, anyOf, type, items, additionalProperties }: Property): string {
  if (words) return words.map(quoted).join(' | ');
  if (typeof word === 'string') return quoted(word);
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (type === 'array' && items) return `${typeOf(items)}[]`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return `Record<string, ${typeOf(additionalProperties)}>`;
  if (type === 'integer') return 'number';
  if (type === 'number' || type === 'string' || type === 'boolean') return type;
  throw new Error(`An option's type has no counterpart in TypeScript: ${type}`);
}

const quoted = (word: string): string => `'${word}'`;

/** A comment on a field that editors show, within the width of our lines; `<` would begin a tag there. */
export function asComment(text: string): string {
  const shown = text.replaceAll('<', '\\<').replaceAll('*/', '*\\/');
  if (shown.length <= WIDTH - '  /**  */'.length) return `  /** ${shown} */\n`;
  const lines = [''];
  for (const word of shown.split(' ')) {
    const line = lines.at(-1) as string;
    if (line.length + word.length + 1 > WIDTH - '   * '.length) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return ['  /**', ...lines.map((line) => `   * ${line}`), '   */', ''].join('\n');
}

/** Of our lines. */
export const WIDTH = 120;
