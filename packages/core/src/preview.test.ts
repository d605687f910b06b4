import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { preview } from './preview.ts';
import { plain } from './recipe/plain.ts';
import { CHATML, writeChatStories } from './test-support/chat-stories.ts';
import { storiesFolder } from './tokenizer/test-support/tokenizers.ts';

it('shows weights as they were written, those of segments and of their roles', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-preview-'));
  const data = join(folder, 'rows.jsonl');
  const messages = [
    { role: 'system', content: 'Be kind.', weight: 0.7 },
    { role: 'user', content: 'Hi', weight: 1 },
    { role: 'assistant', content: 'Hello.', weight: 0.1 },
  ];
  writeFileSync(data, JSON.stringify({ messages }));
  const training = { promptLossWeight: 0.3, cache: false };
  const { examples } = await preview({ recipe: plain(), model: storiesFolder, data, training });
  rmSync(folder, { recursive: true });
  const [{ ids, weights, roles }] = examples as [(typeof examples)[0]];
  const of = (role: string) => new Set(weights.filter((_, i) => roles[i] === role));
  expect(of('system')).toEqual(new Set([0.3 * 0.7]));
  expect(of('user')).toEqual(new Set([0.3]));
  expect(of('assistant')).toEqual(new Set([0.1]));
  expect([roles[0], weights[0]]).toEqual(['bos', 0]);
  expect([ids, weights, roles].map(Array.isArray)).toEqual([true, true, true]);
});

it('shows the text of a chat template as it is, and behind its words the token that generation stops at', async () => {
  const model = mkdtempSync(join(tmpdir(), 'counterweight-preview-'));
  cpSync(storiesFolder, model, { recursive: true });
  const template =
    '{% for m in messages %}[{{ m.role }}]\n{{ m.content }}[end]\n{% endfor %}{% for t in tools or [] %}{{ t.name }};{% endfor %}';
  writeFileSync(join(model, 'chat_template.jinja'), template);
  const messages = ['a', 'One.', 'b', 'Two.'].map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content }));
  const data = [{ messages, tools: [{ name: 'find' }] }];
  const { examples } = await preview({ recipe: plain(), model, data, training: { cache: false } });
  rmSync(model, { recursive: true });
  const [{ ids, weights, text, pieces }] = examples as [(typeof examples)[0]];
  expect(text).toBe('[user]\na[end]\n[assistant]\nOne.[end]\n[user]\nb[end]\n[assistant]\nTwo.[end]\nfind;');
  expect(pieces.join('')).toBe(text);
  const end = ids.indexOf(2);
  expect([pieces[end], weights[end], pieces.slice(end).join('')]).toEqual(['', 1, 'find;']);
  expect(pieces.filter((_, i) => weights[i]).join('')).toBe('[assistant]\nOne.[end]\n[assistant]\nTwo.[end]\n');
});

it.each([
  [true, ''],
  [false, ''],
  [true, "{{ '<s>' }}"],
  [false, "{{ '<s>' }}"],
])(
  'begins and ends a text as the tokenizer does, in every format (add_bos_token %s, template %j)',
  async (adds, start) => {
    const folder = await writeChatStories(mkdtempSync(join(tmpdir(), 'counterweight-texts-')), `${start}${CHATML}`);
    const settings = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>', add_bos_token: adds };
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(settings));
    const idsIn = async (format: 'chat' | 'plain') => {
      const data = [{ text: 'Once upon a time.' }, { text: '<s>Once.</s>' }];
      const { examples } = await preview({ recipe: plain(), model: folder, data, training: { format, cache: false } });
      return examples.map(({ ids }) => ids);
    };
    const [text, own] = await idsIn('plain');
    expect([text?.[0] === 1, text?.at(-1), own?.filter((id) => id === 1 || id === 2)]).toEqual([adds, 2, [1, 2]]);
    expect(await idsIn('chat')).toEqual([text, own]);
  },
);
