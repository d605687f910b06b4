import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { exportModel } from '../export-model.ts';
import { useGgufHome } from '../test-support/gguf-home.ts';
import { path, model as stories } from '../test-support/small-runs.ts';
import { loadChatTemplate } from '../tokenizer/load-chat-template.ts';
import { templateFile } from '../tokenizer/tokenizer-files.ts';
import { unpackGguf } from './unpack.ts';

useGgufHome(path);

const configs = JSON.parse(
  await readFile(new URL('../tokenizer/fixtures/chat-templates/model-configs.json', import.meta.url), 'utf8'),
) as Record<string, { chat_template: string }>;

const user = (content: string) => ({ role: 'user', content });
const conversation = [user('Once {{ upon }}'), { role: 'assistant', content: 'a time' }, user('  there\nwas ▁ é')];
const conversations = [
  { messages: conversation },
  { messages: [{ role: 'system', content: 'Be brief.' }, ...conversation] },
  { messages: conversation, tools: [{ type: 'function', function: { name: 'f', description: 'g', parameters: {} } }] },
];

/** What a model's folder makes of them; a template may refuse some. */
async function rendered(folder: string): Promise<string[]> {
  const chat = await loadChatTemplate(folder, { date: new Date(2024, 6, 26, 12) });
  return conversations.map((one) => {
    try {
      return chat?.render(one, true) ?? 'no template';
    } catch (error) {
      return `refused: ${(error as Error).message}`;
    }
  });
}

it.each(Object.keys(configs))('a GGUF file renders conversations as the folder it was made of: %s', async (name) => {
  const folder = path(name);
  await cp(stories, folder, { recursive: true });
  await writeFile(join(folder, 'chat_template.jinja'), configs[name]?.chat_template ?? '');
  const tools = join(folder, templateFile('tool_use'));
  await mkdir(dirname(tools), { recursive: true });
  await writeFile(tools, `{{ bos_token }}{{ tools | tojson }}${configs[name]?.chat_template}`);
  const { output } = await exportModel({ model: folder, to: 'gguf', output: join(folder, 'x.gguf') });
  const texts = await rendered(folder);
  expect(await rendered((await unpackGguf(output)).folder)).toEqual(texts);
  expect(texts.filter((text) => text.includes('a time')).length).toBeGreaterThan(0);
});
