import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { similarPath } from '../files/similar-path.ts';
import { addTokens, nextFreeId } from './add-tokens.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { readSettings, type SettingsReader } from './read-settings.ts';
import { findBosId, findEosId, findStopIds } from './special-ids.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizerConfigSchema, tokenizerJsonSchema } from './tokenizer-json.ts';

const tokenId = z.union([z.number(), z.array(z.number())]).nullish();
const modelTokenIdsSchema = z.looseObject({ bos_token_id: tokenId, eos_token_id: tokenId });

/** What a tokenizer may have beside its own folder. */
export interface LoadTokenizerOptions {
  /** The model's folder, where the tokenizer lies beside an adapter: ids of special tokens may stand there only. */
  readonly modelFolder?: string | undefined;
  /** Texts that are to be tokens too. */
  readonly tokens?: readonly string[] | undefined;
  /** How its files are read: by default anew. */
  readonly read?: SettingsReader | undefined;
}

/**
 * Reads a tokenizer from a Hugging Face model folder: `tokenizer.json`, with the special tokens from
 * `tokenizer_config.json`, `special_tokens_map.json`, `generation_config.json` or `config.json`, in that order.
 * @throws {UserError} `file-not-found` without a folder, `tokenizer-invalid` without a readable tokenizer.
 * @example
 * ```ts
 * import { loadTokenizer } from '@counterweight/core';
 *
 * const tokenizer = await loadTokenizer('models/mine');
 * const ids = tokenizer.encode('Once upon a time', 'start');
 * tokenizer.decode(ids, 'start'); // Once upon a time
 * ```
 */
export async function loadTokenizer(
  folder: string,
  { modelFolder = folder, tokens = [], read = readSettings }: LoadTokenizerOptions = {},
): Promise<Tokenizer> {
  const stored = await read(folder, 'tokenizer.json', tokenizerJsonSchema);
  if (!stored) throw await noTokenizer(folder);
  const json = addTokens(stored, tokens);
  const config = (await read(folder, 'tokenizer_config.json', tokenizerConfigSchema)) ?? {};
  const sources = {
    json,
    configs: [config, (await read(folder, 'special_tokens_map.json', tokenizerConfigSchema)) ?? {}],
    models: [
      (await read(modelFolder, 'generation_config.json', modelTokenIdsSchema)) ?? {},
      (await read(modelFolder, 'config.json', modelTokenIdsSchema)) ?? {},
    ],
    where: folder,
  };
  const ids = { bosId: findBosId(sources), eosId: findEosId(sources), stopIds: findStopIds(sources) };
  return { ...createTokenizer({ json, ...ids, where: folder }), knownSize: nextFreeId(stored) };
}

async function noTokenizer(folder: string): Promise<UserError> {
  if (!(await exists(folder))) {
    return new UserError({
      code: 'file-not-found',
      problem: 'There is no such model folder.',
      where: folder,
      fix: `${similarPath(folder)}Give the path of a folder with tokenizer.json, config.json and model.safetensors, or a hub id: org/name.`,
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
        ? 'Put the tokenizer.json of the model into the folder, or give the folder that it is in.'
        : `Convert it once with Python: python -c "${convert}"`,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
