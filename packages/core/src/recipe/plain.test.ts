import { describe, expect, it } from 'vitest';
import { conversationLayout } from './conversation-layout.ts';
import { plain } from './plain.ts';

const recipe = plain();
const render = (input: unknown) => recipe.render(recipe.parseRow(input));

describe('plain', () => {
  it('takes a prompt and its completion as they are', () => {
    expect(render({ prompt: ' 2+2=', completion: ' 4\n' })).toEqual({
      prompt: [{ role: 'user', text: ' 2+2=', shorten: 'start' }],
      completion: [{ role: 'assistant', text: ' 4\n' }],
      freedom: { typing: true },
    });
  });

  it('takes the last assistant message of a chat as the completion, with the weights of the messages', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello', weight: 0 },
      { role: 'user', content: 'Bye' },
      { role: 'assistant', content: 'See you', weight: 0.5 },
    ];
    expect(render({ messages })).toEqual({
      prompt: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi', shorten: 'start' },
        { role: 'assistant', text: 'Hello', weight: 0 },
        { role: 'user', text: 'Bye', shorten: 'start' },
      ],
      completion: [{ role: 'assistant', text: 'See you', weight: 0.5 }],
      layout: conversationLayout,
      freedom: { case: true, typing: true },
    });
  });

  it('takes the rows of Alpaca in its own words, with and without an input', () => {
    const asked = 'Write a response that appropriately completes the request.\n\n### Instruction:\n';
    const alone = render({ instruction: 'Name a color.', input: '', output: 'Red.' });
    expect(alone.prompt).toEqual([{ role: 'user', text: 'Name a color.', shorten: 'end' }]);
    expect(alone.completion).toEqual([{ role: 'assistant', text: 'Red.' }]);
    expect(alone.layout?.user).toEqual({
      before: `Below is an instruction that describes a task. ${asked}`,
      after: '\n\n### Response:',
    });
    const both = render({ instruction: 'Translate.', input: 'rot' });
    expect(both.prompt[0]?.text).toBe('Translate.\n\n### Input:\nrot');
    expect(both.completion).toEqual([]);
    expect(both.layout?.user.before).toBe(
      `Below is an instruction that describes a task, paired with an input that provides further context. ${asked}`,
    );
  });

  it('takes ShareGPT’s conversations, with tools', () => {
    const { prompt, completion, tools } = render({
      system: 'Be brief.',
      tools: '[{"name": "weather"}]',
      conversations: [
        { from: 'human', value: 'Weather?' },
        { from: 'function_call', value: '{"name": "weather", "arguments": {"city": "Rome"}}' },
        { from: 'observation', value: '22' },
        { from: 'gpt', value: 'It is 22.' },
      ],
    });
    const call = { type: 'function', function: { name: 'weather', arguments: { city: 'Rome' } } };
    expect(prompt).toEqual([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Weather?', shorten: 'start' },
      { role: 'assistant', text: '', message: { tool_calls: [call], content: null } },
      { role: 'tool', text: '22', shorten: 'start' },
    ]);
    expect(completion).toEqual([{ role: 'assistant', text: 'It is 22.' }]);
    expect(tools).toEqual([{ name: 'weather' }]);
  });

  it('takes OpenAI’s messages: parts, calls with their arguments as the row has them, names, no content', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
    const { prompt } = render({
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'brief.' },
          ],
        },
        { role: 'user', content: 'a', name: 'Ann' },
        { role: 'user', content: 'b' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', content: '22', tool_call_id: 'c1' },
      ],
    });
    expect(prompt).toEqual([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'a', shorten: 'start', message: { name: 'Ann' } },
      { role: 'user', text: 'b', shorten: 'start', message: {} },
      {
        role: 'assistant',
        text: '',
        message: { content: null, tool_calls: [call] },
      },
      { role: 'tool', text: '22', shorten: 'start', message: { tool_call_id: 'c1' } },
    ]);
  });

  it('names the kind of each row for the receipt', () => {
    const kindOf = (input: unknown) => recipe.tally?.(recipe.parseRow(input));
    expect(kindOf({ prompt: 'a' })).toEqual({ 'rows of prompt and completion': 1 });
    expect(kindOf({ instruction: 'a' })).toEqual({ 'rows of Alpaca': 1 });
    expect(kindOf({ messages: [{ role: 'user', content: 'a' }] })).toEqual({ 'rows of chat messages': 1 });
    expect(kindOf({ conversations: [{ from: 'human', value: 'a' }] })).toEqual({ 'rows of ShareGPT': 1 });
  });

  it('renders a row without its answer with an empty completion', () => {
    expect(render({ prompt: 'x' }).completion).toEqual([]);
    expect(render({ messages: [{ role: 'user', content: 'x' }] }).completion).toEqual([]);
  });

  it.each([
    [
      { completion: 'x' },
      'prompt',
      /none of the kinds that are known: .*\{conversations: .*\{instruction, input\?, output\}/,
    ],
    [{ conversations: [{ from: 'human', value: 1 }] }, 'conversations.0.value', /is a number: a content is a text/],
    [{ conversations: [{ from: 'function_call', value: 'x' }] }, 'conversations.0.value', /the text in .* is no JSON/],
    [
      { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
      'messages.0.content.0',
      /part of type "image", and only text can be learnt/,
    ],
    [{ instruction: 1 }, 'instruction', /is a number, and is to be a text/],
    [{ prompt: 1, completion: 'x' }, 'prompt', /is a number, and is to be a text/],
    [{ conversations: ['a'], messages: [{ role: 'user', content: 'x' }] }, 'conversations', /not both/],
    [{ messages: [{ role: 'cat', content: 'x' }] }, 'messages.0.role', /nobody is known as "cat"; roles are system, /],
    [{ messages: [] }, 'messages', /empty list/],
  ])('refuses %j', (input, field, message) => {
    expect(() => recipe.parseRow(input)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });

  it('counts exact matches', () => {
    const row = recipe.parseRow({ prompt: 'a', completion: ' yes' });
    const score = recipe.metrics[0]?.compute([
      { row, text: 'yes ' },
      { row, text: 'no' },
    ]);
    expect(score).toBe(0.5);
  });
});
