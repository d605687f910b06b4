import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberLiteral } from '../exact-json.ts';
import { readMessages } from './read-messages.ts';
import { roleNames, speakerOf } from './roles.ts';

const read = (...messages: unknown[]) => readMessages(messages, 'messages');
const f = { name: 'f', arguments: '{"x": 1}' };
const call = { type: 'function', function: f };

describe('readMessages', () => {
  it('knows everybody by all their names, however they are written', () => {
    const speaking = roleNames.filter((name) => speakerOf(name) !== 'call');
    fc.assert(
      fc.property(fc.constantFrom(...speaking), fc.boolean(), fc.boolean(), (name, loud, shareGpt) => {
        const own = loud ? name.toUpperCase() : name;
        const message = shareGpt ? { from: own, value: 'x' } : { role: own, content: 'x' };
        expect(read(message)).toEqual([{ role: speakerOf(name), content: 'x' }]);
      }),
    );
  });

  it('keeps arguments as the row has them, and null beside a call', () => {
    expect(read({ role: 'assistant', content: null, tool_calls: [call] })).toEqual([
      { role: 'assistant', content: null, tool_calls: [call] },
    ]);
    const asObject = { ...call, id: 'c1', function: { ...f, arguments: { x: null } } };
    expect(read({ role: 'assistant', content: '', tool_calls: [asObject] })[0]?.tool_calls).toEqual([asObject]);
  });

  it.each([
    ['OpenAI’s old call', { role: 'assistant', content: 'I look.', function_call: f }, 'I look.'],
    ['calls as JSON text', { role: 'assistant', content: null, tool_calls: JSON.stringify([call]) }, null],
    ['a call without its wrapping', { role: 'assistant', content: null, tool_calls: [f] }, null],
    ['ShareGPT’s call', { from: 'function_call', value: JSON.stringify(f) }, null],
    ['ShareGPT’s calls', { from: 'function_call', value: JSON.stringify([f]) }, null],
  ])('reads %s', (_, message, content) => {
    expect(read(message)).toEqual([{ role: 'assistant', content, tool_calls: [call] }]);
  });

  it('keeps numbers in JSON text as they are written, but weights are numbers', () => {
    const call = '{"function": {"name": "f", "arguments": {"x": 20.0}}}';
    const [message] = readMessages(`[{"role": "assistant", "weight": 1.0, "tool_calls": [${call}]}]`, 'messages');
    expect(message).toMatchObject({
      weight: 1,
      tool_calls: [{ function: { arguments: { x: numberLiteral('20.0') } } }],
    });
  });

  it('takes a refusal for what was said, and leaves out what says nothing', () => {
    const message = {
      role: 'assistant',
      content: null,
      refusal: 'No.',
      audio: null,
      function_call: null,
      tool_calls: [],
    };
    expect(read(message)).toEqual([{ role: 'assistant', content: 'No.' }]);
  });

  it('joins parts of text, and keeps what else a message says for the template', () => {
    const content = [{ type: 'text', text: 'a' }, 'b', { type: 'output_text', text: 'c' }, { text: 'd' }];
    expect(read({ role: 'tool', name: 'f', tool_call_id: 'c1', content, weight: 0.5 })).toEqual([
      { role: 'tool', name: 'f', tool_call_id: 'c1', content: 'abcd', weight: 0.5 },
    ]);
  });

  it.each([
    [undefined, {}],
    [null, {}],
    ['', '{}'],
    [' \n', '{}'],
    ['null', {}],
    ['{}', '{}'],
    ['{"a": {"b": "{"}}', '{"a": {"b": "{"}}'],
  ])('reads the arguments %j', (given, expected) => {
    const [message] = read({ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: given } }] });
    expect(message?.tool_calls?.[0]?.function.arguments).toEqual(expected);
  });

  it.each([
    ['{"city": "Rome"', /no JSON/],
    ["{'city': 'Rome'}", /no JSON.*json\.dumps/],
    ['{"a": 1, "a": 2}', /no JSON.*"a" stands twice/],
    ['[1]', /the JSON text of a list/],
    ['7.0', /the JSON text of a number/],
    ['"{}"', /the JSON text of a text/],
    [7, /is a number/],
  ])('refuses the arguments %j', (given, problem) => {
    const field = 'messages.0.function_call.arguments';
    expect(() => read({ role: 'assistant', function_call: { name: 'f', arguments: given } })).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(problem) }),
    );
    expect(() => read({ role: 'assistant', tool_calls: [{ name: 'f', parameters: given }] })).toThrow(
      expect.objectContaining({ field: 'messages.0.tool_calls.0.parameters' }),
    );
  });

  it('refuses what Python prints in place of texts in turn', () => {
    expect(() => read("{'from': 'human', 'value': 'a'}", "{'from': 'gpt', 'value': 'b'}")).toThrow(/json\.dumps/);
  });

  it.each([
    [{ role: 'user', content: [{ type: 'image_url' }] }, 'messages.0.content.0', /type "image_url", and only text/],
    [{ role: 'user', content: 'x', images: ['a.png'] }, 'messages.0.images', /only text can be learnt/],
    [{ role: 'assistant', content: null, audio: { id: 'a' } }, 'messages.0.audio', /only text can be learnt/],
    [{ role: 'user', content: { a: 1 } }, 'messages.0.content', /is an object: a content is a text/],
    [{ content: 'x' }, 'messages.0.role', /"messages.0.role" is missing: .*this one has "content"/],
    [{ role: 'assistant', content: 'x', refusal: 'No.' }, 'messages.0.refusal', /which of them/],
    [{ role: 'user', content: 'x', tool_calls: [call] }, 'messages.0.tool_calls', /only the assistant calls/],
    [{ role: 'assistant', tool_calls: [call], function_call: f }, 'messages.0.function_call', /not both/],
    [{ role: 'assistant', tool_calls: [{ type: 'custom', custom: {} }] }, 'messages.0.tool_calls.0.type', /"custom"/],
    [
      { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: [1] } }] },
      'messages.0.tool_calls.0.function.arguments',
      /is a list/,
    ],
    [{ role: 'assistant', tool_calls: "[{'name': 'f'}]" }, 'messages.0.tool_calls', /no JSON.*json.dumps/],
    [{ role: 'user', content: 'x', weight: 'heavy' }, 'messages.0.weight', /number of 0 or more/],
    [{ role: 'user', content: null }, 'messages.0.content', /is null.*that the user says/],
    [{ role: 'user', content: ' ' }, 'messages.0.content', /is empty/],
    [{ role: 'user', content: [] }, 'messages.0.content', /is empty/],
    [{ role: 'user' }, 'messages.0.content', /is missing/],
    [{ from: 'human', value: '' }, 'messages.0.value', /is empty/],
    [{ input: ' ', output: 'x' }, 'messages.0.input', /is empty/],
    [{ role: 'user', content: new Uint8Array(2) }, 'messages.0.content', /is bytes/],
    [
      { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: { a: [1, new Uint8Array(2)] } } }] },
      'messages.0.tool_calls.0.function.arguments.a.1',
      /is bytes/,
    ],
    [{ role: 'tool', content: 'x', name: new Uint8Array(2) }, 'messages.0.name', /is bytes/],
    [{ role: 'system', content: null }, 'messages.0.content', /is null/],
    [{ role: 'tool', content: null }, 'messages.0.content', /is null.*that the tool says/],
    ['a', 'messages.0', /is a text, and no message/],
  ])('refuses %j', (message, field, problem) => {
    const one = typeof message === 'string' ? [message, { role: 'user', content: 'x' }] : [message];
    expect(() => read(...one)).toThrow(expect.objectContaining({ field, message: expect.stringMatching(problem) }));
  });
});
