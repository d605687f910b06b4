import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { saveTokenizer } from '../checkpoint/pretrained/save-tokenizer.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { storiesFolder } from './test-support/tokenizers.ts';
import { hashTextProcessing } from './text-processing.ts';
import { isTokenizerFile, templateFile, tokenizerFilesIn } from './tokenizer-files.ts';

const path = temporaryFolder();
const tools = templateFile('tool_use');

async function modelWithTools(name: string): Promise<string> {
  const folder = path(name);
  await cp(storiesFolder, folder, { recursive: true });
  await mkdir(join(folder, 'additional_chat_templates'));
  await writeFile(join(folder, tools), '{{ tools }}');
  for (const file of [
    'chat_template.jinja',
    'generation_config.json',
    'added_tokens.json',
    'special_tokens_map.json',
  ]) {
    await writeFile(join(folder, file), '{}');
  }
  return folder;
}

it('are found with the templates in their subfolder, and nothing of the model', async () => {
  expect(await tokenizerFilesIn(await modelWithTools('found'))).toEqual([
    'added_tokens.json',
    'additional_chat_templates/tool_use.jinja',
    'chat_template.jinja',
    'generation_config.json',
    'special_tokens_map.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
});

it.each([
  ['vocab.json', true],
  ['merges.txt', true],
  ['tokenizer.model', true],
  ['chat_template.json', true],
  ['config.json', false],
  ['model.safetensors', false],
  ['checkpoint-5/tokenizer.json', false],
  ['additional_chat_templates/notes.txt', false],
  ['README.md', false],
])('%s: %s', (name, expected) => {
  expect(isTokenizerFile(name)).toBe(expected);
});

it('are all saved beside what was trained', async () => {
  const [from, to] = [await modelWithTools('from'), path('to')];
  await mkdir(to);
  await saveTokenizer(from, to);
  expect(await tokenizerFilesIn(to)).toEqual(await tokenizerFilesIn(from));
  expect(await readFile(join(to, tools), 'utf8')).toBe('{{ tools }}');
});

it('all change the key under which tokenized rows are kept', async () => {
  const folder = await modelWithTools('hashed');
  const place = { folder, modelFolder: folder, training: parseTrainingOptions({}) };
  const hashes = new Set([await hashTextProcessing(place)]);
  const files = [...(await tokenizerFilesIn(folder)), 'config.json'];
  for (const file of files) {
    await writeFile(join(folder, file), `${await readFile(join(folder, file), 'utf8')} `);
    hashes.add(await hashTextProcessing(place));
  }
  expect(hashes.size).toBe(files.length + 1);
});
