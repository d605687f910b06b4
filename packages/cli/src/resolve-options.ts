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
}

/** @throws {UserError} naming the flag or the file and option that does not fit. */
export function resolveOptions({ options, alsoAccepts }: Schemas, given: GivenOptions): Record<string, unknown> {
  const { flags, config = {}, configFile = 'config file' } = given;
  const known = { ...alsoAccepts?.shape, ...options.shape };
  const strange = Object.keys(config).filter((name) => !Object.hasOwn(known, name));
  if (strange.length > 0) throw unknownOptions(strange, configFile, Object.keys(known));
  const from = (name: string) => (Object.hasOwn(flags, name) ? flagName(name) : `${configFile}, ${name}`);
  const all = { ...config, ...flags };
  const own = Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(options.shape, name)));
  // An option of the other command changes nothing here, but a wrong one is still wrong.
  for (const [name, value] of Object.entries(all)) {
    const schema = known[name];
    if (Object.hasOwn(own, name) || !schema) continue;
    const result = z.strictObject({ [name]: schema }).safeParse({ [name]: value });
    if (!result.success) throw misfit(result.error, all, from, known);
  }
  const result = options.safeParse(own);
  if (!result.success) throw misfit(result.error, all, from, known);
  return result.data;
}

function misfit(
  error: z.ZodError,
  given: Readonly<Record<string, unknown>>,
  from: (name: string) => string,
  schemas: Readonly<Record<string, unknown>>,
) {
  const issue = error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const flag = flagName(name);
  const schema = schemas[name];
  const description = schema instanceof z.ZodType ? schema.description : undefined;
  if (given[name] === undefined) {
    return optionError(`${flag} is missing`, 'command line', `Give ${flag}: ${description ?? 'it is required'}.`);
  }
  const deeper = issue && issue.path.length > 1 ? ` (${issue.path.slice(1).join('.')})` : '';
  const value = written(given[name]);
  const reason = issue?.code === 'invalid_value' ? '' : `: ${lowerFirst(issue?.message ?? 'invalid')}`;
  const problem = `${name}${deeper} cannot be ${value}${reason}`;
  return optionError(
    problem,
    from(name),
    fixFor(issue, given[name]) ?? `Give a value that fits: ${description ?? flag}.`,
  );
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
