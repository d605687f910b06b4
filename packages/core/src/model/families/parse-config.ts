import { z } from 'zod';
import { UserError } from '../../errors.ts';
import type { DecoderConfig } from '../config.ts';

/** What a family makes of config.json. @throws {UserError} `model-invalid` or `model-unsupported`, with the field */
export type Family = (json: unknown, file: string) => DecoderConfig;

const FIX = 'Use the config.json that was saved with the model.';

/**
 * What config.json says decides how much is built before it is compared with the weights: so many blocks, and an angle for
 * every pair of a head's features. No model comes near these numbers; with them a few MB are built, in milliseconds. All
 * that is larger is allocated only when the shapes in the files have been found to be the same.
 */
export const layerCount = z.int().positive().max(4096);
export const featureCount = z
  .int()
  .positive()
  .max(2 ** 20);
export const tokenCount = z
  .int()
  .positive()
  .max(2 ** 30);

/** The fields of config.json that a family reads. @throws {UserError} `model-invalid` naming the first wrong one */
export function parseFields<Schema extends z.ZodType>(schema: Schema, json: unknown, file: string): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const modelType = (json as { model_type?: unknown }).model_type;
  throw new UserError({
    code: 'model-invalid',
    problem: `config.json does not describe a ${String(modelType)} model: ${issue?.message}`,
    where: `${file}, field "${issue?.path.join('.')}"`,
    fix: FIX,
  });
}

/** For a value that the family allows and this version does not compute. */
export const unsupported = (file: string, field: string, value: unknown, supported: string): UserError =>
  new UserError({
    code: 'model-unsupported',
    problem: `This model's ${field} is ${JSON.stringify(value)}; this version knows ${supported}.`,
    where: `${file}, field "${field}"`,
    fix: `Choose a model with ${field} ${supported}.`,
  });

/** The value of `field` by a table of what this version knows. @throws {UserError} `model-unsupported` */
export function known<Value>(table: Readonly<Record<string, Value>>, field: string, value: string, file: string) {
  const found = Object.hasOwn(table, value) ? (table[value] as Value) : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(table).map((name) => JSON.stringify(name));
  throw unsupported(file, field, value, names.join(', '));
}

/** For sizes that cannot be those of one model. */
export const inconsistent = (file: string, problem: string): UserError =>
  new UserError({ code: 'model-invalid', problem: `The sizes do not go together: ${problem}.`, where: file, fix: FIX });
