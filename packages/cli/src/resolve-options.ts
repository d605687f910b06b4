import { nearestOf } from '@counterweight/core';
import { z } from 'zod';
import { flagName } from './flags.ts';
import { optionError } from './option-error.ts';
import { unknownOptions } from './unknown-options.ts';

/** Where options came from: flags win over the file, the schema's defaults fill the rest. */
export interface GivenOptions {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly configFile?: string | undefined;
}

interface Schemas {
  readonly options: z.ZodObject;
  readonly alsoAccepts?: z.ZodObject | undefined;
  /** The option that is written without a flag. */
  readonly argument?: string | undefined;
}

/** @throws {UserError} naming the flag or the file and option that does not fit. */
export function resolveOptions(
  { options, alsoAccepts, argument }: Schemas,
  given: GivenOptions,
): Record<string, unknown> {
  const { flags, config = {}, configFile = 'config file' } = given;
  const known = { ...alsoAccepts?.shape, ...options.shape };
  const strange = Object.keys(config).filter((name) => !Object.hasOwn(known, name));
  if (strange.length > 0) throw unknownOptions(strange, configFile, Object.keys(known));
  const named = (name: string) => (name === argument ? placeholderOf(known[name], name) : flagName(name));
  const from = (name: string) => (Object.hasOwn(flags, name) ? named(name) : `${configFile}, ${name}`);
  const all = { ...config, ...flags };
  const own = Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(options.shape, name)));
  // An option of the other command changes nothing here, but a wrong one is still wrong.
  for (const [name, value] of Object.entries(all)) {
    const schema = known[name];
    if (Object.hasOwn(own, name) || !schema) continue;
    const result = z.strictObject({ [name]: schema }).safeParse({ [name]: value });
    if (!result.success) throw misfit(result.error, all, { from, named, known });
  }
  const result = options.safeParse(own);
  if (!result.success) throw misfit(result.error, all, { from, named, known });
  return result.data;
}

interface Wording {
  /** Where an option was given. */
  readonly from: (name: string) => string;
  /** As it stands on the command line. */
  readonly named: (name: string) => string;
  readonly known: Readonly<Record<string, unknown>>;
}

function misfit(error: z.ZodError, given: Readonly<Record<string, unknown>>, { from, named, known }: Wording) {
  const issue = error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const schema = known[name];
  const description = (schema instanceof z.ZodType ? schema.description : undefined) ?? 'it is required';
  if (given[name] === undefined) {
    return optionError(`${named(name)} is missing`, 'command line', `Give ${named(name)}: ${description}.`);
  }
  const deeper = issue && issue.path.length > 1 ? ` (${issue.path.slice(1).join('.')})` : '';
  const reason = issue?.code === 'invalid_value' ? '' : `: ${reasonOf(issue)}`;
  const problem = `${name}${deeper} cannot be ${written(given[name])}${reason}`;
  return optionError(problem, from(name), fixFor(issue, given[name]) ?? `Give a value that fits: ${description}.`);
}

/** `FILE`, as the usage of the command writes what has no flag. */
const placeholderOf = (schema: unknown, name: string): string =>
  String((schema instanceof z.ZodType && schema.meta()?.placeholder) || name).toUpperCase();

/** Why a value does not fit, in words. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  const isNumber = issue && 'origin' in issue && ['number', 'int'].includes(issue.origin);
  if (issue?.code === 'too_small' && isNumber) {
    return `it must be ${issue.inclusive ? `${issue.minimum} or more` : `above ${issue.minimum}`}`;
  }
  if (issue?.code === 'too_big' && isNumber) {
    return `it must be ${issue.inclusive ? `${issue.maximum} or less` : `below ${issue.maximum}`}`;
  }
  if (issue?.code === 'invalid_type' && issue.expected === 'int') return 'it must be a whole number';
  return lowerFirst(issue?.message ?? 'invalid');
}

/** JSON knows no NaN and no infinity: a config file may. */
const written = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));

function fixFor(issue: z.core.$ZodIssue | undefined, given: unknown): string | undefined {
  if (issue?.code === 'invalid_value') {
    const choices = issue.values.map(String);
    const nearest = nearestOf(String(given), choices);
    return `${nearest === undefined ? '' : `Did you mean ${nearest}? `}Give one of ${choices.join(', ')}.`;
  }
  return issue?.code === 'custom' && typeof issue.params?.fix === 'string' ? issue.params.fix : undefined;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
