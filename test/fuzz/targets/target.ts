import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../packages/core/src/errors.ts';
import type { ByteSource } from '../../../packages/core/src/files/byte-source.ts';
import { isRowError } from '../../../packages/core/src/recipe/recipe.ts';

/** A reader, and inputs that it reads well. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** What inputs of this kind are made of. */
  readonly words: readonly string[];
  /** Which part of an input is JSON, to be changed as such. */
  readonly json?: 'whole' | 'safetensors' | 'lines' | undefined;
  /** @throws {UserError} for an input that is refused; whatever else is thrown is a fault of ours */
  read(input: Uint8Array): Promise<void> | void;
}

export const repository = join(import.meta.dirname, '../../..');
export const core = join(repository, 'packages/core/src');
export const bytes = (text: string): Uint8Array => Buffer.from(text);
export const file = (...path: string[]): Buffer => readFileSync(join(...path));
export const filesIn = (folder: string, kind: RegExp): Uint8Array[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => file(folder, name));

export const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '1e400',
  '\\u0000',
  '\\ud83d',
  '"a":',
  '"__proto__":',
];

/** An input as a file that is read by range. */
export const inMemory = (name: string, input: Uint8Array): ByteSource => ({
  file: name,
  size: input.length,
  async read(position, into) {
    const part = input.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  },
  close: async () => {},
});

/** Lets through that an input is refused. */
export function refused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

export const isRefusal = (error: unknown): boolean => error instanceof UserError || isRowError(error);
