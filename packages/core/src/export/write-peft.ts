import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ADAPTER_WEIGHTS } from '../checkpoint/adapter/adapter-config.ts';
import { assertFits } from '../checkpoint/adapter/fit-adapter.ts';
import { openAdapter } from '../checkpoint/adapter/open-adapter.ts';
import { readConfig } from '../checkpoint/pretrained/read-config.ts';
import { saveWordsOf } from '../checkpoint/pretrained/save-tokenizer.ts';
import { readUnpacked } from '../gguf/unpacked.ts';
import { layersOf } from '../model/adapters/lora.ts';
import { linearsOf } from '../model/parameters/parameter-table.ts';
import { readJson } from './json.ts';
import type { Source } from './source.ts';
import { stopsOf } from './stops.ts';

/**
 * The adapter by itself, for PEFT: checked, with the model it belongs to named so that it can be found, and the
 * tokenizer beside it.
 */
export async function writePeft(
  { model, adapter, format }: Source & { readonly adapter: string },
  folder: string,
): Promise<void> {
  const stored = await openAdapter(adapter);
  await stored.close();
  assertFits(stored, layersOf(linearsOf(await readConfig(model))));
  const config = await readJson(join(adapter, 'adapter_config.json'));
  await mkdir(folder, { recursive: true });
  const hasWords = existsSync(join(adapter, 'tokenizer.json'));
  const words = { folder: model, tokenizerFolder: hasWords ? adapter : model };
  await saveWordsOf(words, folder, await stopsOf(words, format));
  await copyFile(join(adapter, ADAPTER_WEIGHTS), join(folder, ADAPTER_WEIGHTS));
  if (existsSync(join(adapter, 'README.md'))) await copyFile(join(adapter, 'README.md'), join(folder, 'README.md'));
  // Of a GGUF file the file itself: what stands for it holds no weights, and others don't know it.
  const json = { ...config, base_model_name_or_path: (await readUnpacked(model))?.files[0] ?? resolve(model) };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(json, null, 2)}\n`);
}
