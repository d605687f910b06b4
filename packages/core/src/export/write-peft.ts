import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ADAPTER_WEIGHTS } from '../checkpoint/adapter-config.ts';
import { openAdapter } from '../checkpoint/read-adapter.ts';
import { saveWords } from '../checkpoint/save-words.ts';
import { readJson } from './json.ts';

/**
 * The adapter by itself, for PEFT: checked, with the model it belongs to named so that it can be found, and the
 * tokenizer beside it.
 */
export async function writePeft({ model, adapter }: { model: string; adapter: string }, folder: string): Promise<void> {
  await (await openAdapter(adapter)).close();
  const config = await readJson(join(adapter, 'adapter_config.json'));
  await mkdir(folder, { recursive: true });
  await saveWords(model, folder);
  if ((await readdir(adapter)).includes('tokenizer.json')) await saveWords(adapter, folder);
  await copyFile(join(adapter, ADAPTER_WEIGHTS), join(folder, ADAPTER_WEIGHTS));
  const json = { ...config, base_model_name_or_path: resolve(model) };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(json, null, 2)}\n`);
}
