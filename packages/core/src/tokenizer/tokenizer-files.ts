import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Files that make up a tokenizer and what travels with it: its tokens, its chat templates, and the settings that name the
 * tokens which end an answer. Other programs' vocabularies (`vocab.json`, `merges.txt`, `tokenizer.model`) are not read
 * here, but go along for those who do.
 */
const FILES =
  /^(tokenizer[^/]*|special_tokens_map|added_tokens|generation_config|chat_template|vocab|merges)\.(json|jinja|txt|model)$/;

/** Where transformers keeps the templates beside the default one, each named as its file. */
const TEMPLATES = 'additional_chat_templates';
const TEMPLATE = /^additional_chat_templates\/[^/]+\.jinja$/;

/** The file of a named chat template, such as `tool_use`, relative to the tokenizer's folder. */
export const templateFile = (name: string): string => `${TEMPLATES}/${name}.jinja`;

/**
 * Whether a file of a model's or adapter's folder belongs to the tokenizer. The one answer for everybody who downloads,
 * copies or hashes these files.
 * @param path relative to the folder, with `/`
 */
export const isTokenizerFile = (path: string): boolean => FILES.test(path) || TEMPLATE.test(path);

/** The tokenizer's files in a folder, relative to it, with `/`, by name. */
export async function tokenizerFilesIn(folder: string): Promise<string[]> {
  const templates = (await readdir(join(folder, TEMPLATES)).catch(() => [])).map((name) => `${TEMPLATES}/${name}`);
  return [...(await readdir(folder)), ...templates].filter(isTokenizerFile).sort();
}

/** Copies the tokenizer's files, as they are. */
export async function copyTokenizerFiles(from: string, to: string): Promise<void> {
  for (const file of await tokenizerFilesIn(from)) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(from, file), join(to, file));
  }
}
