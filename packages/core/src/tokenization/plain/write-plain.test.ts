import { describe, expect, it } from 'vitest';
import { plain } from '../../recipe/plain.ts';
import type { TextPart } from './write-plain.ts';
import { writePlain } from './write-plain.ts';

const recipe = plain();
const write = (row: unknown) => {
  const rendered = recipe.render(recipe.parseRow(row));
  return writePlain(rendered, rendered.layout ?? recipe.layout, 'row 3');
};
const textOf = (parts: readonly TextPart[]) =>
  parts.map(({ text, role }) => text ?? (role === 'bos' ? '^' : '$')).join('');
const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: 'Hi' },
  { role: 'user', content: 'And?' },
  { role: 'assistant', content: 'Well.' },
];

describe('a conversation without a chat template', () => {
  it('has its turns apart, each with its role, and an end after every answer', () => {
    const { prompt, completion } = write({ messages });
    expect(textOf(prompt)).toBe(
      '^System:\nBe brief.\n\nUser:\nHello\n\nAssistant:\nHi$\n\nUser:\nAnd?\n\nAssistant:\n',
    );
    expect(textOf(completion)).toBe('Well.$');
    expect([...prompt, ...completion].filter(({ role }) => role === 'assistant').map(({ text }) => text)).toEqual([
      'Hi',
      undefined,
      'Well.',
      undefined,
    ]);
  });

  it('is told apart from a prompt and a completion, to which nothing is added', () => {
    const { prompt, completion } = write({ prompt: 'Hello', completion: ' you' });
    expect(textOf([...prompt, ...completion])).toBe('^Hello you$');
    expect(textOf(write({ messages: messages.slice(1, 3) }).prompt)).toBe('^User:\nHello\n\nAssistant:\n');
  });

  const call = { type: 'function', function: { name: 'f', arguments: '{}' } };
  const answer = (more: object) => ({
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', ...more },
    ],
  });
  it.each([
    ['tools', { messages, tools: [call] }, 'the row\'s "tools"'],
    ['a call', answer({ content: null, tool_calls: [call] }), 'the assistant\'s "tool_calls"'],
    ['thoughts to learn', answer({ content: 'b', reasoning_content: 'Hm.' }), 'the assistant\'s "reasoning_content"'],
  ])('is refused with %s', (_, row, what) => {
    expect(() => write(row)).toThrow(
      expect.objectContaining({ code: 'row-invalid', where: 'row 3', problem: expect.stringContaining(what) }),
    );
  });

  it('may hold thoughts that are not learnt', () => {
    const { messages: said } = answer({ content: 'b', reasoning_content: 'Hm.', weight: 0 });
    expect(textOf(write({ messages: [...said, ...messages.slice(3)] }).prompt)).toContain('Assistant:\nb$');
  });
});
