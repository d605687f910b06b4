import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import { readUnpacked } from '../gguf/unpacked.ts';
import { writeGgufAdapter } from '../gguf/write-adapter.ts';
import type { Source } from './source.ts';
import { modelfileFor } from './write-modelfile.ts';

export const ADAPTER_FILE = 'adapter.gguf';

interface AdapterSource extends Source {
  readonly adapter: string;
  readonly quantization?: BaseQuantization | undefined;
}

/** The adapter by itself for llama.cpp (`--lora`), and the Modelfile with which Ollama takes it (`ADAPTER`). */
export async function exportGgufAdapter(source: AdapterSource, folder: string, type: 'f32' | 'f16'): Promise<void> {
  const { model, adapter } = source;
  await mkdir(folder, { recursive: true });
  await writeGgufAdapter({ model, adapter }, join(folder, ADAPTER_FILE), type);
  const from = (await readUnpacked(model))?.files[0] ?? resolve(model);
  const text = await modelfileFor(source, { from, adapter: `./${ADAPTER_FILE}` });
  if (text !== undefined) await writeFile(join(folder, 'Modelfile'), text);
}
