import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import { modelfile } from '../gguf/modelfile.ts';
import { readUnpacked } from '../gguf/unpacked.ts';
import { writeGgufAdapter } from '../gguf/write-adapter.ts';
import { stopIdsOf } from '../tokenizer/stop-ids.ts';
import { openTextProcessing, tokenizerFolder } from '../tokenizer/text-processing.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import type { Source } from './source.ts';

export const ADAPTER_FILE = 'adapter.gguf';

interface AdapterSource extends Source {
  readonly adapter: string;
  readonly quantization?: BaseQuantization | undefined;
}

/** The adapter by itself for llama.cpp (`--lora`), and the Modelfile with which Ollama takes it (`ADAPTER`). */
export async function exportGgufAdapter(
  { model, adapter, format = 'auto', quantization }: AdapterSource,
  folder: string,
  type: 'f32' | 'f16',
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeGgufAdapter({ model, adapter }, join(folder, ADAPTER_FILE), type);
  const words = tokenizerFolder(model, adapter);
  if (!existsSync(join(words, 'tokenizer.json'))) return;
  const training = parseTrainingOptions({ format });
  const { tokenizer, chat } = await openTextProcessing({ folder: words, modelFolder: model, training });
  const stops = stopIdsOf(tokenizer).map((id) => tokenizer.decode([id], 'continuation', 'keep'));
  const from = (await readUnpacked(model))?.files[0] ?? resolve(model);
  const addsBos = (tokenizer.ofTexts ?? tokenizer).bosId !== undefined;
  const parts = { from, adapter: `./${ADAPTER_FILE}`, chat, addsBos, stops, quantization };
  await writeFile(join(folder, 'Modelfile'), modelfile(parts));
}
