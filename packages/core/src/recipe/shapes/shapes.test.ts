import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plain } from '../plain.ts';
import { readRow } from './read-row.ts';
import { shapes } from './shapes.ts';

const recipe = plain();
const render = (input: unknown) => recipe.render(recipe.parseRow(input));
/** Who says what, in order; the answer last. */
const said = (input: unknown) => {
  const { prompt, completion } = render(input);
  return [...prompt, ...completion].map(({ role, text }) => `${role}: ${text}`);
};
const ask = [{ role: 'user', content: 'a' }];
const conversation = ['user: a', 'assistant: b'];

describe('the table of shapes', () => {
  it('is the one in the documentation', () => {
    const docs = readFileSync(new URL('../../../../../docs/rows-and-chat.md', import.meta.url), 'utf8');
    const rows = [...docs.matchAll(/^\| ([\w ]+) \| `(\{.*?\})` \|/gm)].map(([, name, example]) => [name, example]);
    expect(rows).toEqual(shapes.map(({ name, example }) => [name, example]));
  });

  it.each(shapes.filter(({ kind }) => kind === 'pair'))('reads $example', ({ name, asks, answers = '' }) => {
    const row = { [asks]: 'a', [answers]: 'b', id: 7 };
    expect(said(row)).toEqual(conversation);
    expect(recipe.tally?.(recipe.parseRow(row))).toEqual({ [`rows of ${name}`]: 1 });
    expect(recipe.unreadFields?.(row)).toEqual(['id']);
    const open = render({ [asks]: 'a' });
    expect(open.completion).toEqual([]);
    expect(open.answerField).toBe(shapes.find((shape) => shape.asks === asks)?.answers);
  });

  it.each([
    ['messages', ask.concat({ role: 'assistant', content: 'b' })],
    [
      'conversations',
      [
        { from: 'human', value: 'a' },
        { from: 'gpt', value: 'b' },
      ],
    ],
    ['conversations', ['a', 'b']],
    ['conversation', [{ input: 'a', output: 'b' }]],
    [
      'messages',
      [
        { from: 'USER', value: 'a' },
        { role: 'Assistant', content: [{ type: 'text', text: 'b' }] },
      ],
    ],
    ['messages', '[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]'],
    ['messages', ['{"role":"user","content":"a"}', '{"role":"model","parts":[{"text":"b"}]}']],
  ])('reads a conversation in %s: %j', (field, value) => {
    expect(said({ [field]: value })).toEqual(conversation);
    expect(said({ [field]: value, system_prompt: 'Be kind.' })).toEqual(['system: Be kind.', ...conversation]);
  });

  it('reads a text as it is: nobody asks for it, and no template is asked', () => {
    expect(render({ text: 'abc', url: 'x' })).toMatchObject({
      prompt: [],
      completion: [{ role: 'assistant', text: 'abc' }],
      verbatim: true,
    });
  });
});

describe('rows of more than one kind', () => {
  it.each([
    [
      'ultrachat, no_robots',
      { prompt: 'a', prompt_id: '1', messages: [...ask, { role: 'assistant', content: 'b' }] },
      ['prompt', 'prompt_id'],
    ],
    ['Alpaca as published', { instruction: 'a', input: '', output: 'b', text: 'Below is a' }, ['text']],
    [
      'NuminaMath',
      { problem: 'p', solution: 's', messages: [...ask, { role: 'assistant', content: 'b' }] },
      ['problem', 'solution'],
    ],
    ['MetaMath', { query: 'a', response: 'b', original_question: 'c', type: 'GSM' }, ['original_question', 'type']],
    ['renamed columns beside others', { prompt: 'a', completion: 'b', response: 'c' }, ['response']],
    ['a question in messages beside its answer', { messages: ask, completion: 'b', id: 1 }, ['id']],
    ['another answer in words', { messages: ask, response: [{ role: 'assistant', content: 'b' }] }, []],
    ['fields that say nothing', { prompt: 'a', completion: 'b', tags: [], meta: {}, note: null, more: '' }, []],
  ])('%s', (_, row, unread) => {
    expect(said(row)).toEqual(conversation);
    expect(recipe.unreadFields?.(row)).toEqual(unread);
  });

  it.each([
    [
      { question: 'a', answer: 'b', response: 'c' },
      'question',
      /2 ways \("question" with "answer", "question" with "response"\).*--map prompt=question,completion=answer/,
    ],
    [{ prompt: 'a', chosen: 'b', rejected: 'c' }, 'chosen', /row of preferences.*--map completion=chosen/],
    [{ chosen: ask, rejected: ask }, 'chosen', /--map messages=chosen/],
    [{ text: 'a', label: 'b' }, 'text', /"text" stands beside "label".*--map prompt=text,completion=label/],
    [{ prompt: 'a', completion: 'b', images: ['x.png'] }, 'images', /comes with "images", and only text can be learnt/],
    [{ Question: 'a', Answer: 'b' }, 'prompt', /none of the kinds that are known/],
    [{ prompt: null, completion: 'b' }, 'prompt', /"prompt" is null/],
    ['a text', '', /the row is a text, and no object/],
    [{ prompt: '', completion: 'b' }, 'prompt', /"prompt" is empty.*--map text=completion/],
    [{ instruction: ' ', input: '', output: 'b' }, 'instruction', /"instruction" is empty.*"output" answers/],
    [{ question: '\n', answer: [{ role: 'assistant', content: 'b' }] }, 'question', /is empty/],
    [{ prompt: 'a', completion: 'b', history: [['', 'c']] }, 'history.0', /empty question/],
    [{ messages: ask, completion: 'b', response: 'c' }, 'response', /either "completion" or "response"/],
  ])('refuses %j', (row, field, message) => {
    expect(() => recipe.parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

describe('what stands before the question', () => {
  it('is system and history, in Alpaca’s words where there is no template', () => {
    const { prompt, completion, layout } = render({
      instruction: 'And in winter?',
      input: '',
      output: 'From ten.',
      system: 'You answer for a zoo.',
      history: [['When do you open?', 'From nine.']],
    });
    expect([...prompt, ...completion].map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'system: You answer for a zoo.',
      'user: When do you open?',
      'assistant: From nine.',
      'user: And in winter?',
      'assistant: From ten.',
    ]);
    expect(layout?.system).toEqual({ before: '', after: '\n\n' });
  });

  it('is a passage that a question is about', () => {
    expect(said({ question: 'When?', context: 'In 1990.', answer: '1990' })).toEqual([
      'user: In 1990.\n\nWhen?',
      'assistant: 1990',
    ]);
    expect(said({ instruction: 'When?', context: 'In 1990.', response: '1990', category: 'qa' })).toEqual([
      'user: When?\n\n### Input:\nIn 1990.',
      'assistant: 1990',
    ]);
  });

  it('is a conversation, as TRL has prompts, whose answers are not learnt', () => {
    const greeted = [{ role: 'assistant', content: 'Hi' }, ...ask];
    const { prompt, completion } = render({ prompt: greeted, completion: [{ role: 'assistant', content: 'b' }] });
    expect(prompt).toEqual([
      { role: 'assistant', text: 'Hi', weight: 0 },
      { role: 'user', text: 'a', shorten: 'start' },
    ]);
    expect(completion).toEqual([{ role: 'assistant', text: 'b' }]);
    expect(said({ prompt: ask, completion: 'b' })).toEqual(conversation);
  });

  it.each([
    [
      { system: 'a', system_prompt: 'b', prompt: 'c', completion: 'd' },
      'system_prompt',
      /either "system" or "system_prompt"/,
    ],
    [
      { system: 'a', messages: [{ role: 'system', content: 'b' }, ...ask] },
      'messages.0',
      /either "system" or "messages.0"/,
    ],
    [{ prompt: 'a', completion: 'b', history: [['q']] }, 'history.0', /list of pairs/],
    [{ prompt: 'a', completion: 'b', history: [['q', ' ']] }, 'history.0', /empty answer/],
    [{ messages: ask, tools: 'x' }, 'tools', /no JSON/],
    [{ messages: ask, tools: {}, functions: [{ name: 'f' }], parallel_tool_calls: true }, undefined, undefined],
  ])('%j', (row, field, message) => {
    if (field === undefined) {
      expect(render(row).tools).toEqual([{ type: 'function', function: { name: 'f' } }]);
      expect(recipe.unreadFields?.(row)).toEqual(['parallel_tool_calls']);
    } else {
      expect(() => recipe.parseRow(row)).toThrow(
        expect.objectContaining({ field, message: expect.stringMatching(message as RegExp) }),
      );
    }
  });
});

it.each([
  ['answer', { question: 'q', answer: ['a', 'b'] }, 'a list of 2 texts'],
  ['completion', { prompt: 'q', completion: ['a'] }, 'a list with one text'],
  ['prompt', { prompt: ['a', 'b', 'c'], completion: 'd' }, 'a list of 3 texts'],
])('refuses several texts as %s, which are no conversation', (field, row, told) => {
  expect(() => readRow(row)).toThrow(expect.objectContaining({ field, message: expect.stringContaining(told) }));
});
