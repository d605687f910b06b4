import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addTokens } from '../../tokenizer/add-tokens.ts';
import { readSettings } from '../../tokenizer/read-settings.ts';
import { withStopIds } from '../../tokenizer/stop-ids.ts';
import { copyTokenizerFiles } from '../../tokenizer/tokenizer-files.ts';
import { tokenizerConfigSchema, tokenizerJsonSchema } from '../../tokenizer/tokenizer-json.ts';

/**
 * Copies what travels with the weights: the tokenizer, its templates and the generation settings, with tokens that the
 * tokenizer did not have.
 */
export async function saveTokenizer(from: string, to: string, tokens: readonly string[] = []): Promise<void> {
  await copyTokenizerFiles(from, to);
  if (tokens.length > 0) await writeTokens(to, tokens);
}

/**
 * The same for an exported model: the tokenizer out of one folder, the generation settings out of the model's. An adapter
 * that brings a tokenizer, as TRL and Axolotl save it, has none of them, and they may be the only place that names every
 * token that ends an answer.
 * @param stopIds tokens that end an answer, which the settings are to name
 */
export async function saveWordsOf(
  { folder, tokenizerFolder }: { readonly folder: string; readonly tokenizerFolder: string },
  to: string,
  stopIds: readonly number[],
): Promise<void> {
  await saveTokenizer(tokenizerFolder, to);
  await saveGenerationSettings(folder, to, stopIds);
}

/** Only where there are some: without them transformers and Transformers.js make them out of config.json. */
export async function saveGenerationSettings(from: string, to: string, stopIds: readonly number[]): Promise<void> {
  const file = join(from, 'generation_config.json');
  if (!existsSync(file)) return;
  const settings = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(
    join(to, 'generation_config.json'),
    `${JSON.stringify(withStopIds({ ...settings }, stopIds), null, 2)}\n`,
  );
}

/** In `tokenizer.json`, and in `tokenizer_config.json` where that lists added tokens too. */
async function writeTokens(folder: string, tokens: readonly string[]): Promise<void> {
  const json = await readSettings(folder, 'tokenizer.json', tokenizerJsonSchema);
  if (!json) return;
  const grown = addTokens(json, tokens);
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(grown, null, 2));
  const config = await readSettings(folder, 'tokenizer_config.json', tokenizerConfigSchema);
  if (!config?.added_tokens_decoder) return;
  const listed = grown.added_tokens.map(({ id, ...token }) => [String(id), token] as const);
  const added_tokens_decoder = { ...Object.fromEntries(listed), ...config.added_tokens_decoder };
  await writeFile(
    join(folder, 'tokenizer_config.json'),
    `${JSON.stringify({ ...config, added_tokens_decoder }, null, 2)}\n`,
  );
}
