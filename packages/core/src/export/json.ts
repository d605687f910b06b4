import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A file that must hold a JSON object. @throws {UserError} `model-invalid` when it is missing or something else */
export async function readJson(file: string): Promise<JsonObject> {
  const problem = existsSync(file) ? 'This file is not a JSON object.' : 'There is no such file.';
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  } catch {
    // reported below, like JSON that is not an object
  }
  throw new UserError({
    code: 'model-invalid',
    problem,
    where: file,
    fix: 'Give a whole folder: config.json, model.safetensors and the tokenizer’s files of a Hugging Face model.',
  });
}

/** The object in a file, or an empty one where the file is missing. */
export const readJsonIfThere = async (file: string): Promise<JsonObject> => (existsSync(file) ? readJson(file) : {});
