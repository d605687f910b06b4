import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { makeFolder } from '../files/make-folder.ts';
import { explainWriteError } from '../files/write-error.ts';
import { counterweightHome } from '../home.ts';
import { templateFile } from '../tokenizer/tokenizer-files.ts';
import { readConfig } from './architecture/read-config.ts';
import { ROPE_FACTORS } from './architecture/rope-factors.ts';
import { type GgufFiles, openGgufFiles, shardsOf } from './format/open-files.ts';
import { readTensor } from './read-tensor.ts';
import { readTokenizer } from './tokenizer/read-tokenizer.ts';
import { UNPACKED, type Unpacked } from './unpacked.ts';

/**
 * Makes the folder that stands for a GGUF file, in Counterweight's own place: all that is small becomes the files of a
 * Hugging Face model, which everything here reads; the weights stay where they are. The folder is named after its content,
 * so that it is never out of date, and one that is removed comes back.
 * @param file the model's, or any of its shards
 * @throws {UserError} for a file that is not whole, or holds what is not known
 */
export async function unpackGguf(file: string): Promise<{ folder: string; gguf: Unpacked }> {
  const gguf = await openGgufFiles(shardsOf(resolve(file)));
  try {
    const unpacked = { files: [...gguf.files], types: typesOf(gguf) };
    const contents = { ...(await contentsOf(gguf)), [UNPACKED]: asJson(unpacked) };
    return { folder: await store(contents), gguf: unpacked };
  } finally {
    await gguf.close();
  }
}

/** The files of the folder by their names. */
export async function contentsOf(gguf: GgufFiles): Promise<Record<string, string>> {
  const { metadata, tensors } = gguf;
  const kind = metadata.textOr('general.type', 'model');
  if (kind !== 'model') metadata.refuse('general.type', `it is "${kind}", and only a model can be used as one.`);
  const factors = tensors.get(ROPE_FACTORS);
  const values = factors && new Float32Array(factors.shape[0] as number);
  if (factors && values && factors.shape.length === 1) await readTensor(gguf, factors, { place: values });
  const settings = readTokenizer(metadata);
  const { bos_token_id, eos_token_id, pad_token_id } = settings['generation_config.json'] as Record<string, unknown>;
  const config = {
    ...readConfig({ metadata, tensors, values: () => values && [...values] }),
    ...{ bos_token_id, eos_token_id, pad_token_id },
  };
  const files = Object.entries({ 'config.json': config, ...settings }).map(([name, json]) => [name, asJson(json)]);
  const templates = [
    ['chat_template.jinja', metadata.textOr('tokenizer.chat_template', undefined)],
    [templateFile('tool_use'), metadata.textOr('tokenizer.chat_template.tool_use', undefined)],
  ].filter(([, source]) => source !== undefined);
  return Object.fromEntries([...files, ...templates]) as Record<string, string>;
}

const asJson = (value: object): string => `${JSON.stringify(value)}\n`;

function typesOf({ tensors }: GgufFiles): Record<string, number> {
  const types: Record<string, number> = {};
  for (const { type } of tensors.values()) types[type.name] = (types[type.name] ?? 0) + 1;
  return types;
}

/** A folder with these files. Of several processes that make it the first one's stays. */
async function store(contents: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 32);
  const folder = join(counterweightHome(), 'gguf', hash);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${randomUUID()}`;
  try {
    for (const [name, content] of Object.entries(contents)) {
      await makeFolder(dirname(join(aside, name)));
      await writeFileDurably(join(aside, name), content);
    }
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw explainWriteError(error, folder, 'folder for the cache with COUNTERWEIGHT_HOME');
  }
  return folder;
}
