import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { readTextFile } from '../../files/read-text-file.ts';
import { similarPath } from '../../files/similar-path.ts';
import type { DecoderConfig } from '../../model/config.ts';
import { decoderConfig } from '../../model/families/index.ts';

export type ConfigJson = Readonly<Record<string, unknown>>;

/** config.json as a decoder's shape. @throws {UserError} when there is none, or its family is not known. */
export const readConfig = async (folder: string): Promise<DecoderConfig> =>
  decoderConfig(await readConfigJson(folder), join(folder, 'config.json'));

/** config.json as it is. @throws {UserError} `model-invalid` when there is none, or it is no JSON object */
export async function readConfigJson(folder: string): Promise<ConfigJson> {
  const file = join(folder, 'config.json');
  const text = await readTextFile(file, 'model-invalid');
  if (text === undefined) {
    throw new UserError({
      code: 'model-invalid',
      problem: existsSync(folder) ? 'This folder is not a model: it has no config.json.' : 'There is no such folder.',
      where: folder,
      fix: `${existsSync(folder) ? '' : similarPath(folder)}Give the folder of a Hugging Face model (config.json, model.safetensors, tokenizer.json) or a hub id: org/name.`,
    });
  }
  return parseJson(file, text);
}

/** @throws {UserError} `model-invalid`, `model-unsupported` */
export const parseConfig = (text: string, file: string): DecoderConfig => decoderConfig(parseJson(file, text), file);

function parseJson(file: string, text: string): ConfigJson {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as ConfigJson;
  } catch {
    // reported below, like JSON that is not an object
  }
  throw new UserError({
    code: 'model-invalid',
    problem: 'This file is not a JSON object.',
    where: file,
    fix: 'Copy the file again from the model.',
  });
}
