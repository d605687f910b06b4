import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadChatTemplate } from './load-chat-template.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterweight-template-'));
});
const write = async (name: string, content: unknown) => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const load = () => loadChatTemplate(folder, { date: new Date(2026, 0, 31) });
const textOf = async (tools?: unknown[]) => (await load())?.render({ messages: [], tools }, false);

describe('the chat template of a folder', () => {
  it('is none where no file has one', async () => {
    await write('tokenizer_config.json', { eos_token: '</s>' });
    expect(await load()).toBeUndefined();
  });

  it('is found in the settings, in a file of its own, and there first', async () => {
    await write('chat_template.json', { chat_template: 'from its json' });
    expect(await textOf()).toBe('from its json');
    await write('tokenizer_config.json', { chat_template: 'from the settings' });
    expect(await textOf()).toBe('from the settings');
    await write('chat_template.jinja', 'from its file');
    expect(await textOf()).toBe('from its file');
  });

  it('is the one for tools where there are some', async () => {
    const named = [
      { name: 'default', template: 'default' },
      { name: 'tool_use', template: 'with {{ tools | length }} tools' },
    ];
    await write('tokenizer_config.json', { chat_template: named });
    expect([await textOf(), await textOf([{}, {}])]).toEqual(['default', 'with 2 tools']);
    await write('chat_template.jinja', 'file');
    await write('additional_chat_templates/tool_use.jinja', 'tools');
    expect([await textOf(), await textOf([{}])]).toEqual(['file', 'tools']);
  });

  it('is given the special tokens, as texts or as objects', async () => {
    await write('special_tokens_map.json', { unk_token: '<unk>', eos_token: '<other>' });
    await write('tokenizer_config.json', {
      chat_template: '{{ bos_token }}{{ eos_token }}{{ unk_token }}{{ pad_token }}',
      bos_token: { content: '<s>' },
      eos_token: '</s>',
      pad_token: null,
    });
    expect(await textOf()).toBe('<s></s><unk>');
  });

  it('is refused where it is not Jinja', async () => {
    await write('chat_template.jinja', '{% if %}');
    await expect(load()).rejects.toMatchObject({
      code: 'template-invalid',
      where: join(folder, 'chat_template.jinja'),
      fix: expect.stringContaining('--format plain'),
    });
  });
});
