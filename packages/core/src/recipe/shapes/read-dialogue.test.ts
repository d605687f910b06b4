import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { unreadBySchema } from '../unread-fields.ts';
import { dialogueSchema, readDialogue } from './read-dialogue.ts';

const turns = [
  { speaker: 'human', role: 'user', text: 'a' },
  { speaker: 'gpt', role: 'assistant', text: 'b' },
];

describe('readDialogue', () => {
  it.each([
    [
      [
        { from: 'human', value: 'a' },
        { from: 'gpt', value: 'b' },
      ],
      turns,
    ],
    ['[{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]', turns],
    [['{"from": "human", "value": "a"}', '{"role": "gpt", "content": [{"type": "text", "text": "b"}]}'], turns],
    [
      ['a', 'b'],
      [
        { speaker: 'user', role: 'user', text: 'a' },
        { speaker: 'assistant', role: 'assistant', text: 'b' },
      ],
    ],
    [[{ speaker: ' Bot ', text: 'a' }], [{ speaker: 'Bot', text: 'a' }]],
    [[{ speaker: 'User', text: 'a' }], [{ speaker: 'User', role: 'user', text: 'a' }]],
    [[{ role: 'Anna', content: 'a' }], [{ speaker: 'Anna', text: 'a' }]],
    ['Customer: a\nAgent: b', 'Customer: a\nAgent: b'],
    ['[10:02] Customer: a', '[10:02] Customer: a'],
  ])('reads %j', (value, expected) => {
    expect(readDialogue(value, 'dialogue')).toEqual(expected);
  });

  it.each([
    [[], 'dialogue', /empty list/],
    [{ a: 1 }, 'dialogue', /is an object/],
    ["[{'from': 'human', 'value': 'a'}]", 'dialogue', /json\.dumps/],
    [[{ text: 'a' }], 'dialogue.0.role', /is missing: a turn is \{speaker, text\}/],
    [[{ role: 7, content: 'a' }], 'dialogue.0.role', /is a number/],
    [[{ role: 'user', content: null }], 'dialogue.0.content', /is null/],
    [[{ from: 'human', value: ' ' }], 'dialogue.0.value', /is empty/],
    [[{ role: 'user', content: [{ type: 'image_url' }] }], 'dialogue.0.content.0', /only text/],
    [['a', { role: 'user', content: 'x' }, 7], 'dialogue.2', /is a number, and no turn/],
  ])('refuses %j', (value, field, message) => {
    const schema = z.object({ dialogue: dialogueSchema('dialogue') });
    const told = expect.objectContaining({ field, message: expect.stringMatching(message) });
    expect(() => readDialogue(value, 'dialogue')).toThrow(told);
    expect(() => schema.parse({ dialogue: value })).toThrow(told);
  });
});

it('knows what of a turn is read', () => {
  const schema = z.object({ dialogue: dialogueSchema('dialogue').optional() });
  const dialogue = [
    { role: 'user', content: 'a', at: '10:02' },
    { speaker: 'Anna', text: 'b', mood: 'good' },
  ];
  expect(unreadBySchema(schema, { dialogue, id: 1 })).toEqual(['dialogue[].at', 'dialogue[].mood', 'id']);
  expect(schema.parse({})).toEqual({});
});
