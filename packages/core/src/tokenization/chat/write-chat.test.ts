import { describe, expect, it } from 'vitest';
import { plain } from '../../recipe/plain.ts';
import type { RenderedExample, Segment } from '../../recipe/recipe.ts';
import { type ChatTemplate, compileChatTemplate } from '../../tokenizer/chat-template.ts';
import { goldenTemplate, modelTemplates } from '../../tokenizer/test-support/chat-templates.ts';
import type { TextPart } from '../plain/write-plain.ts';
import { writeChat } from './write-chat.ts';

const system = (text: string): Segment => ({ role: 'system', text });
const user = (text: string, rest: Partial<Segment> = {}): Segment => ({ role: 'user', text, ...rest });
const assistant = (text: string, rest: Partial<Segment> = {}): Segment => ({ role: 'assistant', text, ...rest });
const call = assistant('', {
  message: { tool_calls: [{ type: 'function', function: { name: 'weather', arguments: { city: 'Rome' } } }] },
});
const tool: Segment = { role: 'tool', text: '22 degrees', message: { name: 'weather' } };

const chatml = (more = '') =>
  compileChatTemplate({
    source: `{{ bos_token }}${more}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{{ '\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}`,
    tokens: { bos_token: '<s>', eos_token: '<|im_end|>' },
    specialTokens: ['<s>', '<|im_start|>', '<|im_end|>'],
    date: new Date(),
  });

const write = (template: ChatTemplate, example: RenderedExample) => writeChat(example, { template, where: 'row 7' });
const shown = (parts: readonly TextPart[]) => parts.map(({ text, role: is }) => [is, text]);
/** What the template was to write, put together again from the parts. */
const textOf = (parts: readonly TextPart[], { bosToken }: ChatTemplate) =>
  parts.map((part) => part.text ?? (part.role === 'bos' ? bosToken : '')).join('');

describe('a conversation in ChatML', () => {
  const example = {
    prompt: [system('user'), user('assistant'), assistant('user'), user('end')],
    completion: [assistant('Yes.')],
  };

  it('has every text in its own role, also a text that is the name of a role', () => {
    const { prompt, completion } = write(chatml(), example);
    expect(shown(prompt)).toEqual([
      ['bos', undefined],
      ['template', '<|im_start|>system\n'],
      ['system', 'user'],
      ['template', '<|im_end|>\n<|im_start|>user\n'],
      ['user', 'assistant'],
      ['template', '<|im_end|>\n<|im_start|>assistant\n'],
      ['assistant', 'user'],
      ['assistant', '<|im_end|>'],
      ['template', '\n<|im_start|>user\n'],
      ['user', 'end'],
      ['template', '<|im_end|>\n<|im_start|>assistant\n'],
    ]);
    expect(shown(completion)).toEqual([
      ['assistant', 'Yes.'],
      ['assistant', '<|im_end|>'],
      ['template', '\n'],
    ]);
  });

  it('is asked in generation as it was in training', () => {
    expect(write(chatml(), { ...example, completion: [] }).prompt).toEqual(write(chatml(), example).prompt);
  });

  it('joins segments of one role into a message, and keeps them apart in weight and place', () => {
    const { prompt, completion } = write(chatml(), {
      prompt: [user('Choose: '), user('a long history', { shorten: 'start', weight: 0.5 })],
      completion: [assistant('red'), assistant(', ', { weight: 2 }), assistant('blue')],
    });
    expect(prompt.slice(2, 4)).toEqual([
      { role: 'user', text: 'Choose: ', weight: 1, shorten: undefined },
      { role: 'user', text: 'a long history', weight: 0.5, shorten: 'start' },
    ]);
    expect(completion.map(({ text, weight }) => [text, weight])).toEqual([
      ['red', 1],
      [', ', 2],
      ['blue', 1],
      ['<|im_end|>', 1],
      ['\n', 1],
    ]);
  });

  it('has two messages of one role apart where they say that they are', () => {
    const { prompt } = write(chatml(), { prompt: [user('a'), user('b', { message: {} })], completion: [] });
    expect(textOf(prompt, chatml())).toContain('a<|im_end|>\n<|im_start|>user\nb');
  });

  it('begins with one BOS, and with two it is refused', () => {
    const twice = () => write(chatml('{{ bos_token }}'), example);
    expect(twice).toThrow(expect.objectContaining({ code: 'template-invalid', where: 'row 7' }));
  });
});

describe.each(Object.entries(modelTemplates))('the template of %s', (name, template) => {
  const prompt = [system(' Be brief. '), user('user'), assistant('assistant'), user('Weather?')];
  const completion = [assistant('It is 22. ')];

  it('writes system, user and assistant, each found in its place', () => {
    const written = write(template, { prompt, completion });
    const roles = new Map(written.prompt.map((part) => [part.text?.trim(), part.role]));
    expect(roles.get('Be brief.')).toBe('system');
    expect(roles.get('user')).toBe('user');
    expect(roles.get('assistant')).toBe('assistant');
    expect(roles.get('Weather?')).toBe('user');
    expect(written.completion[0]).toMatchObject({ role: 'assistant', text: expect.stringContaining('It is 22.') });
    expect(written.completion.findLast((part) => part.role === 'assistant')?.text).toBe(template.endOfTurn);
    expect(written.prompt.filter((part) => part.role === 'bos')).toHaveLength(template.bosToken ? 1 : 0);
  });

  it('is written out whole: the parts are its text', () => {
    const messages = [' Be brief. ', 'user', 'assistant', 'Weather?', 'It is 22. '].map((content, i) => ({
      role: ['system', 'user', 'assistant', 'user', 'assistant'][i] as string,
      content,
    }));
    const written = write(template, { prompt, completion });
    expect(textOf(written.prompt, template)).toBe(template.render({ messages: messages.slice(0, 4) }, true));
    const text = template.render({ messages }, false);
    const whole = textOf([...written.prompt, ...written.completion], template);
    // A template without an end of turn of its own ends with the tokenizer's, in place of its last words.
    if (template.endOfTurn) expect(whole).toBe(text);
    else expect(text.startsWith(whole)).toBe(true);
  });

  const takesCalls = name.includes('Llama-3.2');
  it(takesCalls ? 'writes calls of tools and their answers' : 'says that it knows no calls of tools', () => {
    const asked = () => write(template, { prompt: [...prompt, call, tool], completion });
    if (!takesCalls) {
      expect(asked).toThrow(
        /leaves out what message 5 \(assistant\) says: "tool_calls"|refuses message [56] \((assistant|tool)\)/,
      );
      return;
    }
    const roles = new Map(asked().prompt.map((part) => [part.text, part.role]));
    expect(roles.get('{"name": "weather", "parameters": {"city": "Rome"}}')).toBe('assistant');
    expect(roles.get('22 degrees')).toBe('tool');
  });
});

describe('the tools of a row', () => {
  const [name = '', template] = Object.entries(modelTemplates).find(([model]) => model.includes('Llama-3.2')) ?? [];
  const weather = { type: 'function', function: { name: 'weather', parameters: { city: 'a city' } } };

  it(`are handed to the template (${name}), whose text they are`, () => {
    const row = { messages: [{ role: 'user', content: 'Weather?' }], tools: [weather] };
    const written = write(template as ChatTemplate, plain().render(plain().parseRow(row)));
    const saying = written.prompt.filter((part) => part.text?.includes('"city": "a city"'));
    expect(saying.map((part) => part.role)).toEqual(['template']);
    expect(textOf(written.prompt, template as ChatTemplate)).toBe(template?.render(row, true));
  });
});

describe('a template that rewrites earlier turns', () => {
  const template = goldenTemplate('Qwen/Qwen3.5-4B', ['<|im_start|>', '<|im_end|>']);
  const thought = '<think>\nHm.\n</think>\n\nRome.';
  const prompt = [user('Capital of Italy?'), assistant(thought), user('And of France?')];
  const completion = [assistant('<think>\nWell.\n</think>\n\nParis.')];

  it('is refused, and the turn is named', () => {
    expect(() => write(template, { prompt, completion })).toThrow(
      expect.objectContaining({
        code: 'template-unstable',
        where: 'row 7, message 2 (assistant)',
        fix: expect.stringContaining('--train-on last-turn'),
      }),
    );
  });

  it('serves where that turn is not learnt: the answer begins where generation begins', () => {
    const [question, answer, next] = prompt as [Segment, Segment, Segment];
    const written = write(template, { prompt: [question, { ...answer, weight: 0 }, next], completion });
    const asked = write(template, { prompt: [question, { ...answer, weight: 0 }, next], completion: [] });
    expect(asked.prompt).toEqual(written.prompt);
    expect(textOf(written.prompt, template)).not.toContain('Hm.');
    expect(textOf(written.completion, template)).toMatch(/Well\.[\s\S]*Paris\.<\|im_end\|>\n$/);
  });
});

describe('templates with ways of their own', () => {
  const example = { prompt: [system('Be brief.'), user('Hi')], completion: [assistant('Hello')] };

  it('have a system text at the beginning of the user’s where they know no system', () => {
    const template = goldenTemplate('mistralai/Mixtral-8x7B-Instruct-v0.1');
    expect(shown(write(template, example).prompt)).toEqual([
      ['bos', undefined],
      ['template', '[INST]'],
      ['system', ' Be brief.'],
      ['system', '\n\n'],
      ['user', 'Hi'],
      ['template', ' [/INST]'],
    ]);
  });

  it('learn what generation would write, where they mark more than that', () => {
    const template = goldenTemplate('HuggingFaceTB/SmolLM3-3B', ['<|im_start|>', '<|im_end|>']);
    const { completion } = write(template, example);
    expect(shown(completion).slice(-2)).toEqual([
      ['assistant', '<|im_end|>'],
      ['template', '\n'],
    ]);
  });

  it('name the message that they refuse', () => {
    const template = goldenTemplate('mistralai/Mixtral-8x7B-Instruct-v0.1');
    const prompt = [user('a'), assistant('b'), assistant('c', { message: {} })];
    expect(() => write(template, { prompt, completion: example.completion })).toThrow(
      expect.objectContaining({ code: 'template-refused', message: expect.stringMatching(/message 3 \(assistant\)/) }),
    );
  });

  it('say that a conversation begins with the assistant, where they do not take it', () => {
    const template = goldenTemplate('mistralai/Mixtral-8x7B-Instruct-v0.1');
    const prompt = [assistant('Hello!'), user('Hi')];
    expect(() => write(template, { prompt, completion: example.completion })).toThrow(
      expect.objectContaining({
        problem: expect.stringMatching(/refuses message 1 \(assistant\): /),
        fix: expect.stringMatching(/^The conversation begins with the assistant/),
      }),
    );
  });
});

it('ends an answer that a template writes nothing of with the tokenizer’s own token, of the answer’s weight', () => {
  const bare = compileChatTemplate({
    source:
      '{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}',
    tokens: {},
    specialTokens: [],
    date: new Date(),
  });
  for (const weight of [1, 0.5]) {
    const { completion } = write(bare, { prompt: [user('Hi')], completion: [assistant(' \n', { weight })] });
    expect(completion).toEqual([{ text: undefined, role: 'assistant', weight, shorten: undefined }]);
  }
});
