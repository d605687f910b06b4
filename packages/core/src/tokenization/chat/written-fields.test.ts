import { describe, expect, it } from 'vitest';
import { plain } from '../../recipe/plain.ts';
import { modelTemplates } from '../../tokenizer/test-support/chat-templates.ts';
import { unwrittenFields } from './written-fields.ts';

const row = {
  messages: [
    { role: 'user', content: 'Weather?', name: 'Ann' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', function: { name: 'weather', arguments: { city: 'Rome' } } }],
    },
    { role: 'tool', content: '22', tool_call_id: 'c1' },
    { role: 'assistant', content: 'It is 22.', mood: { good: true } },
  ],
  tools: [{ type: 'function', function: { name: 'weather' } }],
};
const rendered = plain().render(plain().parseRow(row));
const llama = Object.entries(modelTemplates).find(([name]) => name.includes('Llama-3.2'))?.[1];

describe('unwrittenFields', () => {
  it('are all where there is no template', () => {
    expect([...unwrittenFields(undefined)(rendered)].sort()).toEqual([
      'messages[].mood',
      'messages[].name',
      'messages[].tool_call_id',
      'messages[].tool_calls[].id',
      'tools',
    ]);
  });

  it('are those that the template writes nothing of', () => {
    const unwritten = unwrittenFields(llama);
    expect(unwritten(rendered)).not.toContain('tools');
    expect([...unwritten(rendered)].sort()).toEqual([
      'messages[].mood',
      'messages[].name',
      'messages[].tool_call_id',
      'messages[].tool_calls[].id',
    ]);
    expect(unwritten({ prompt: [{ role: 'user', text: 'a' }], completion: [] }).size).toBe(0);
  });
});
