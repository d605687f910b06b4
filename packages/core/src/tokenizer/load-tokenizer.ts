import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { findBosId, findEosId } from './special-ids.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizerConfigSchema, tokenizerJsonSchema } from './tokenizer-json.ts';

const tokenId = z.union([z.number(), z.array(z.number())]).nullish();
const modelTokenIdsSchema = z.looseObject({ bos_token_id: tokenId, eos_token_id: tokenId });

/**
 * Reads a tokenizer from a Hugging Face model folder: `tokenizer.json`, with the special tokens from
 * `tokenizer_config.json`, `special_tokens_map.json`, `generation_config.json` or `config.json`, in that order.
 * @throws {UserError} `file-not-found` without a folder, `tokenizer-invalid` without a readable tokenizer.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const json = await readSettings(folder, 'tokenizer.json', tokenizerJsonSchema);
  if (!json) throw await noTokenizer(folder);
  const config = (await readSettings(folder, 'tokenizer_config.json', tokenizerConfigSchema)) ?? {};
  const sources = {
    json,
    configs: [config, (await readSettings(folder, 'special_tokens_map.json', tokenizerConfigSchema)) ?? {}],
    models: [
      (await readSettings(folder, 'generation_config.json', modelTokenIdsSchema)) ?? {},
      (await readSettings(folder, 'config.json', modelTokenIdsSchema)) ?? {},
    ],
    where: folder,
  };
  return createTokenizer({ json, config, bosId: findBosId(sources), eosId: findEosId(sources), where: folder });
}

/** One settings file, or undefined where there is none. */
async function readSettings<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const file = join(folder, name);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw malformed(file, error instanceof Error ? error.message : String(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(file, 'it is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(file, `${issue?.path.join('.') || 'the top level'}: ${issue?.message}`, parsed.error);
}

function malformed(file: string, reason: string, cause: unknown): UserError {
  return new UserError({
    code: 'tokenizer-invalid',
    problem: `The tokenizer's settings can't be read: ${reason}`,
    where: file,
    fix: 'Copy the file anew from where the model comes from.',
    cause,
  });
}

async function noTokenizer(folder: string): Promise<UserError> {
  if (!(await exists(folder))) {
    return new UserError({
      code: 'file-not-found',
      problem: 'There is no such model folder.',
      where: folder,
      fix: 'Give the path of a folder with tokenizer.json, config.json and model.safetensors.',
    });
  }
  const old = ['tokenizer.model', 'vocab.json', 'spiece.model'];
  const found = (await Promise.all(old.map((name) => exists(join(folder, name))))).indexOf(true);
  const convert = `from transformers import AutoTokenizer as T; T.from_pretrained('${folder}').save_pretrained('${folder}')`;
  return new UserError({
    code: 'tokenizer-invalid',
    problem:
      found < 0 ? 'There is no tokenizer.json.' : `There is no tokenizer.json, only ${old[found]}, an older format.`,
    where: folder,
    fix:
      found < 0
        ? 'Put the tokenizer.json of the model into the folder.'
        : `Convert it once with Python: python -c "${convert}"`,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
