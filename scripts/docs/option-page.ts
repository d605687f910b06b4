import { isDeepStrictEqual } from 'node:util';
import { trainingOptionsSchema } from '@counterweight/core';
import { z } from 'zod';
import type { Command } from '../../packages/cli/src/command.ts';
import { commands } from '../../packages/cli/src/commands/index.ts';
import { flagsOfProperties } from '../../packages/cli/src/flags.ts';
import { recipeProperties } from '../../packages/cli/src/recipe-flags.ts';
import { code, plain, table } from './markdown.ts';
import { apart, bounds, inWords, type Property } from './option-facts.ts';
import { schemas } from './recipe-schemas.ts';

interface Option {
  readonly name: string;
  readonly flag: string;
  /** What stands for the value in the help; empty for a switch. */
  readonly placeholder: string;
  readonly property: Property;
}

/** The options of training, each command's own, then each recipe's. */
export function optionTables(): string {
  const training = optionsOf(trainingOptionsSchema);
  const sections = commands.map((command) => commandSection(command, training));
  const recipes = Object.entries(schemas).map(([name, schema]) => recipeSection(name, schema));
  return ['## Of training', optionTable(training), ...sections, ...recipes].join('\n\n');
}

/** Of all tasks together; those that no command line can write go through `--recipe-options`. */
function recipeSection(name: string, schema: z.ZodType): string {
  const written = recipeProperties(schema) as Record<string, Property>;
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const all = new Set([whole, ...(whole.oneOf ?? [])].flatMap(({ properties = {} }) => Object.keys(properties)));
  const others = [...all].filter((option) => !Object.hasOwn(written, option));
  const parts = [`## recipe ${name}`, optionTable(optionsOfProperties(written))];
  if (others.length > 0) parts.push(`Through \`--recipe-options\` and in files: ${others.map(code).join(', ')}.`);
  return parts.join('\n\n');
}

function commandSection({ name, summary, argument, example, options }: Command, training: readonly Option[]): string {
  const all = optionsOf(options);
  const shared = all.filter((one) => training.some((other) => isDeepStrictEqual(one, other)));
  const own = all.filter((one) => !shared.includes(one));
  const parts = [`## ${name}`, `${plain(summary)}\n\n\`\`\`sh\n${example}\n\`\`\``];
  if (own.length > 0) parts.push(optionTable(own, argument));
  if (shared.length === training.length) parts.push('And all options of training.');
  else if (shared.length > 0) parts.push(`And of training: ${shared.map(({ flag }) => code(flag)).join(', ')}.`);
  return parts.join('\n\n');
}

function optionsOf(schema: z.ZodObject): Option[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return optionsOfProperties(properties as Record<string, Property>);
}

const optionsOfProperties = (properties: Readonly<Record<string, Property>>): Option[] =>
  flagsOfProperties(properties).map(({ name, flag, placeholder }) => ({
    ...{ name, flag, placeholder },
    property: properties[name] as Property,
  }));

function optionTable(options: readonly Option[], argument?: string): string {
  const rows = options.map(({ name, flag, placeholder, property }) => {
    const [description, prose] = apart(property.description ?? '');
    const given = property.default === undefined ? plain(prose) : code(inWords(property.default));
    const taken =
      property.enum?.map((choice) => code(choice)).join(', ') ?? [code(placeholder), bounds(property)].join(' ');
    return [
      `${code(name === argument ? placeholder.toUpperCase() : flag)}<br>${code(name)}`,
      [taken.trim(), ...(given === '' ? [] : [`default: ${given}`])].filter(Boolean).join('<br>'),
      plain(description),
    ];
  });
  return table(['flag, and name in files', 'takes', 'what it does'], rows);
}
