import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plain } from '../recipe/plain.ts';
import { parseRows } from '../rows/parse-rows.ts';
import { sourceRowsOf } from '../rows/source-row.ts';
import { type ChatTemplate, compileChatTemplate } from '../tokenizer/chat-template.ts';
import { goldenTemplate } from '../tokenizer/test-support/chat-templates.ts';
import { writeChat } from './chat/write-chat.ts';
import type { TextPart } from './plain/write-plain.ts';

/**
 * The same conversation as another trainer masks it. Its tokenizer is not here, so text is compared with text: every
 * character that is not white space, and whether it is trained on. Three conventions differ:
 *
 * - white space: that trainer tokenizes turns by themselves and gets the tokenizer's own space before each;
 * - `vicuna`: it writes the end-of-sequence token twice, and trains both; here there is one;
 * - `llama-2`: it trains a BOS after the last answer, as if another conversation began; here there is none.
 *
 * Of an answer that is missing in the midst (its `conversation.missingturns.json`) that trainer warns; here, as there, its
 * end is learnt.
 */
interface Fixture {
  readonly conversations: readonly { readonly from: string; readonly value: string }[];
  readonly masks: Readonly<Record<string, readonly { readonly trained: boolean; readonly text: string }[]>>;
}
const { conversations, masks }: Fixture = JSON.parse(
  readFileSync(new URL('./fixtures/sft-masks.json', import.meta.url), 'utf8'),
);

const vicuna = compileChatTemplate({
  source:
    "{{ bos_token }}{{ messages[0].content }} {% for m in messages[1:] %}{% if m.role == 'user' %}USER: {{ m.content }} ASSISTANT:{% else %} {{ m.content }}{{ eos_token }} {% endif %}{% endfor %}",
  tokens: { bos_token: '<s>', eos_token: '</s>' },
  specialTokens: ['<s>', '</s>'],
  date: new Date(),
});

/** One string, with a bar wherever training begins or ends. */
const barred = (runs: readonly { trained: boolean; text: string }[]): string =>
  runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ trained, text }) => (trained ? `|${text}|` : text))
    .join('')
    .replaceAll('||', '')
    .replaceAll(/\s/g, '');

function ours(template: ChatTemplate, systemText: string, said = conversations): string {
  const row = { conversations: [{ from: 'system', value: systemText }, ...said] };
  const [parsed] = parseRows(sourceRowsOf([row]), plain());
  const { prompt, completion } = writeChat(plain().render(parsed?.row ?? {}), { template, where: 'fixture' });
  const textOf = (part: TextPart) => part.text ?? (part.role === 'bos' ? template.bosToken : template.eosToken) ?? '';
  const runs = [...prompt, ...completion].map((part) => ({
    trained: part.role === 'assistant',
    text: textOf(part),
  }));
  return barred(runs);
}

describe('the masks of another trainer', () => {
  it('are ours: vicuna', () => {
    const golden = masks.vicuna ?? [];
    const system = /^<s> (.*?) {2}USER:/.exec(golden[0]?.text ?? '')?.[1] ?? '';
    expect(system).toMatch(/^A chat between/);
    expect(ours(vicuna, system)).toBe(barred(golden).replaceAll('</s></s>', '</s>'));
  });

  it('are ours: llama-2', () => {
    const golden = masks['llama-2'] ?? [];
    const system = /<<SYS>>\n(.*?)\n<<\/SYS>>/s.exec(golden[0]?.text ?? '')?.[1] ?? '';
    expect(system).toMatch(/^You are a helpful/);
    expect(ours(goldenTemplate('llama'), system)).toBe(barred(golden).replace(/<s>\|$/, '|'));
  });

  it('are not ours where an answer is missing: it is refused, and its end alone never trained', () => {
    const missing = conversations.map((turn, i) => (i === 1 ? { ...turn, value: '' } : turn));
    expect(() => ours(vicuna, 'Be brief.', missing)).toThrow(/would be learnt as an empty answer/);
  });
});
