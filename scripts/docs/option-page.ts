import { isDeepStrictEqual } from 'node:util';
import { trainingOptionsSchema } from '@counterweight/core';
import { z } from 'zod';
import type { Command } from '../../packages/cli/src/command.ts';
import { commands } from '../../packages/cli/src/commands/index.ts';
import { flagsOf } from '../../packages/cli/src/flags.ts';
import { code, plain, table } from './markdown.ts';
import { apart, bounds, inWords, type Property } from './option-facts.ts';

interface Option {
  readonly name: string;
  readonly flag: string;
  /** What stands for the value in the help; empty for a switch. */
  readonly placeholder: string;
  readonly property: Property;
}

/** The options of training, then each command's own. */
export function optionTables(): string {
  const training = optionsOf(trainingOptionsSchema);
  const sections = commands.map((command) => commandSection(command, training));
  return ['## Of training', optionTable(training), ...sections].join('\n\n');
}

function commandSection({ name, summary, argument, example, options }: Command, training: readonly Option[]): string {
  const all = optionsOf(options);
  const shared = all.filter((one) => training.some((other) => isDeepStrictEqual(one, other)));
  const own = all.filter((one) => !shared.includes(one));
  const parts = [`## ${name}`, `${plain(summary)}\n\n    ${example}`];
  if (own.length > 0) parts.push(optionTable(own, argument));
  if (shared.length === training.length) parts.push('And all options of training.');
  else if (shared.length > 0) parts.push(`And of training: ${shared.map(({ flag }) => code(flag)).join(', ')}.`);
  return parts.join('\n\n');
}

function optionsOf(schema: z.ZodObject): Option[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return flagsOf(schema).map(({ name, flag, placeholder }) => ({
    ...{ name, flag, placeholder },
    property: properties[name] as Property,
  }));
}

function optionTable(options: readonly Option[], argument?: string): string {
  const rows = options.map(({ name, flag, placeholder, property }) => {
    const [description, prose] = apart(property.description ?? '');
    const given = property.default === undefined ? plain(prose) : code(inWords(property.default));
    const takes =
      property.enum?.map((choice) => code(choice)).join(', ') ?? [code(placeholder), bounds(property)].join(' ');
    return [
      code(name === argument ? placeholder.toUpperCase() : flag),
      code(name),
      takes.trim(),
      given,
      plain(description),
    ];
  });
  return table(['flag', 'in code and in files', 'takes', 'default', 'what it does'], rows);
}
