import { z } from 'zod';
import type { Command } from './command.ts';
import { readConfig } from './config.ts';
import { type Flag, type FlagProperty, flagsOfProperties } from './flags.ts';
import { recipeModule } from './resolve-recipe.ts';

/**
 * A recipe's own options as flags: `--unsafe-execution` for `unsafeExecution: z.boolean().default(false)`.
 *
 * A module that exports its zod schema as `optionsSchema`, beside the recipe, gets a flag for every option that a
 * command line can write: texts, numbers, switches, choices, and lists of texts or numbers. So the command line knows the flags of
 * every recipe without knowing any recipe; a misspelt one is refused, and `--recipe NAME --help` lists them. Whatever
 * has no flag (nested options, or a name the command has itself) goes through `--recipe-options`; flags win over it.
 */
export async function recipeFlags(argv: readonly string[], commands: readonly Command[], cwd: string): Promise<Flag[]> {
  const command = commands.find(({ name }) => argv.slice(0, name.split(' ').length).join(' ') === name);
  if (!command || !Object.hasOwn(command.options.shape, 'recipe')) return [];
  const taken = { ...command.alsoAccepts?.shape, ...command.options.shape };
  try {
    const recipe = await requestedRecipe(argv, cwd);
    const module = recipe === undefined ? undefined : await recipeModule(recipe, cwd);
    // commander reads `--no-…` as the opposite of another flag.
    const isFree = ({ name }: Flag) => !Object.hasOwn(taken, name) && !/^no[A-Z]/.test(name);
    return flagsOfProperties(recipeProperties(module?.optionsSchema)).filter(isFree);
  } catch (error) {
    // Help is for everybody, also for those whose recipe is not in place yet.
    if (argv.includes('--help')) return [];
    throw error;
  }
}

/** What follows `--recipe`, or what the config file says. */
async function requestedRecipe(argv: readonly string[], cwd: string): Promise<string | undefined> {
  const recipe = lastValueOf(argv, '--recipe');
  if (recipe !== undefined) return recipe;
  const file = configFileIn(argv);
  const configured = file === undefined ? undefined : (await readConfig(file, cwd)).recipe;
  return typeof configured === 'string' ? configured : undefined;
}

/** The file of `--config`, as it stands on the command line. */
export const configFileIn = (argv: readonly string[]): string | undefined => lastValueOf(argv, '--config');

/** The last one counts, as it does for the parser. */
function lastValueOf(argv: readonly string[], flag: string): string | undefined {
  return argv.reduce<string | undefined>((found, argument, i) => {
    if (argument.startsWith(`${flag}=`)) return argument.slice(flag.length + 1);
    return argument === flag ? (argv[i + 1] ?? found) : found;
  }, undefined);
}

interface JsonSchema extends FlagProperty {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

/** The options that a command line can write, of all alternatives together: each task of a recipe may have its own. */
export function recipeProperties(schema: unknown): Record<string, FlagProperty> {
  if (!isSchema(schema)) return {};
  const properties: Record<string, FlagProperty> = {};
  const collect = ({ properties: own = {}, oneOf = [], anyOf = [], allOf = [] }: JsonSchema): void => {
    for (const [name, property] of Object.entries(own)) {
      const merged = mergedWith(properties[name], property);
      if (merged) properties[name] = merged;
    }
    for (const alternative of [...oneOf, ...anyOf, ...allOf]) collect(alternative);
  };
  collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  return properties;
}

/** Choices of two alternatives add up; otherwise the first says what the option is. */
function mergedWith(
  before: FlagProperty | undefined,
  { const: only, ...property }: JsonSchema,
): FlagProperty | undefined {
  const own = typeof only === 'string' ? { ...property, enum: [only] } : property;
  if (!canBeWritten(own)) return before;
  if (!before?.enum || !own.enum) return before ?? own;
  return { ...before, enum: [...new Set([...before.enum, ...own.enum])] };
}

function canBeWritten({ type, enum: choices, items }: JsonSchema): boolean {
  if (type === 'array') return ['string', 'number', 'integer'].includes(items?.type ?? '');
  return choices !== undefined || ['string', 'number', 'integer', 'boolean'].includes(type ?? '');
}

/** By what it has, not by class: the recipe may bring its own copy of zod. */
const isSchema = (value: unknown): value is z.ZodType => typeof value === 'object' && value !== null && '_zod' in value;
