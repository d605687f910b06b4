import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { defineRecipe } from '../recipe/define-recipe.ts';
import { plain } from '../recipe/plain.ts';
import { mapColumns } from './map-columns.ts';
import { parseSourceRow, renderSourceRow } from './parse-rows.ts';

const source = { file: 'rows.csv', line: 7, value: { prompt: 'a', completion: 'b' } };
const broken = (change: object) => Object.assign(Object.create(plain()), change) as ReturnType<typeof plain>;
const failing = () => {
  throw new TypeError('no month 13');
};

describe('a recipe whose own code fails', () => {
  const failed = { code: 'recipe-invalid', where: 'rows.csv, row 7' };

  it('is named with the row it fails on', () => {
    const render = () => renderSourceRow(source, {} as never, broken({ render: failing }));
    expect(render).toThrow(expect.objectContaining(failed));
    expect(render).toThrow('The recipe "plain" fails on a row: no month 13');
    expect(() => parseSourceRow(source, broken({ parseRow: failing }))).toThrow(expect.objectContaining(failed));
  });

  it('may make nothing that is an example', () => {
    for (const made of [undefined, null, {}, { prompt: 'a', completion: 'b' }]) {
      const render = () => renderSourceRow(source, {} as never, broken({ render: () => made }));
      expect(render).toThrow(/it made no \{ prompt: \[…\], completion: \[…\] \}/);
    }
  });

  it('may say itself what is to be mended', () => {
    const error = new UserError({ code: 'row-invalid', problem: 'p', fix: 'f' });
    const throwing = () => {
      throw error;
    };
    expect(() => renderSourceRow(source, {} as never, broken({ render: throwing }))).toThrow(error);
  });
});

describe('a row whose columns have other names', () => {
  const map = { messages: 'chat', completion: 'Best answer, if any', text: 'body' };
  const errorOf = (value: object, file = 'x.jsonl') => {
    try {
      return parseSourceRow(mapColumns({ file, line: 1, value }, map), plain());
    } catch (error) {
      return error;
    }
  };

  it.each([
    [{ chat: [{ role: 'x', content: '' }] }, 'field "chat.0.role"', /nobody is known as "x"/],
    [{ chat: [{ role: 'user', content: null }] }, 'field "chat.0.content"', /"chat\.0\.content" is null/],
    [
      { chat: [{ role: 'user', content: [7] }] },
      'field "chat.0.content.0"',
      /a part is \{"type": "text", "text": "…"\}/,
    ],
    [{ prompt: 'a', 'Best answer, if any': 7 }, 'field "Best answer, if any"', /"Best answer, if any" is a number/],
    [{ messages: 7 }, 'field "messages"', /"messages" is a number/],
    [{ body: 'a', label: 'b' }, 'field "body"', /"body" stands beside "label"/],
  ])('is told with those: %j', (row, place, problem) => {
    expect(errorOf(row)).toMatchObject({
      where: `x.jsonl, row 1, ${place}`,
      problem: expect.stringMatching(problem),
    });
  });

  it('is told of what else would have to be named, quoted for lists and shells', () => {
    expect(errorOf({ Prmpt: 'a', 'Best answer, if any': 'b' })).toMatchObject({
      fix: expect.stringContaining(`--map 'messages=chat,completion="Best answer, if any",text=body,prompt=Prmpt'`),
    });
  });
});

it('takes the first line of a table without names for what it is', () => {
  const value = { 'What is it?': 'And what is that?', "That's a, b": 'c' };
  expect(() => parseSourceRow({ file: 'x.csv', line: 2, row: 1, value }, plain())).toThrow(
    expect.objectContaining({
      fix: expect.stringMatching(
        /^The first line of the file is read as .*--map 'prompt=What is it\?,completion="That'\\''s a, b"'/,
      ),
    }),
  );
});

it('also where words are short, for the field that a recipe wants, and only of a table that has none such', () => {
  const recipe = defineRecipe({
    name: 'greetings',
    options: {},
    row: z.object({ message: z.string() }),
    answerField: 'message',
    defaults: plain().defaults,
    layout: plain().layout,
    render: ({ message }) => ({ prompt: [], completion: [{ role: 'assistant', text: message }] }),
    metrics: [],
  });
  const headless = 'The first line of the file is read as the names of its columns';
  const told = (file: string, value: object) => {
    try {
      parseSourceRow({ file, line: 2, row: 1, value }, recipe);
      return '';
    } catch (error) {
      return (error as UserError).fix ?? '';
    }
  };
  expect(told('x.csv', { hello: 'world', hallo: 'welt' })).toContain(
    `${headless}: if it is a row, put a line above it, with the name "message" for one of them.`,
  );
  expect(told('x.jsonl', { hello: 'world' })).toMatch(/^If another column has it, say which: --map message=COLUMN\. /);
  expect(told('x.jsonl', { hello: 'world' })).not.toContain(headless);
  expect(told('x.csv', { message: 1 })).not.toContain(headless);
  expect(told('x.csv', { Messages: 'world' })).not.toContain(headless);
});

it.each([
  [{ Question: 'a', Answer: 'b' }, /--map question=Question,answer=Answer/],
  [{ q: 'a', a: 'b' }, /for example --map prompt=q,completion=a/],
])('says how %j may be read', (value, fix) => {
  const parse = () => parseSourceRow({ file: undefined, line: 1, value }, plain());
  expect(parse).toThrow(expect.objectContaining({ fix: expect.stringMatching(fix) }));
});

it.each([
  [
    { id: 'x1', data: { text: 'I like it' }, annotations: [{ id: 'a', result: [{ value: { choices: ['good'] } }] }] },
    '--map prompt=data.text,completion=annotations.0.result.0.value.choices.0',
  ],
  [
    { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    'Is "contents" the conversation? Then say so: --map messages=contents',
  ],
  [
    { Timestamp: '2024/01/01 10:00', 'What is it?': 'Hi', Reply: 'Hello' },
    `--map 'prompt=What is it?,completion=Reply'`,
  ],
  [{ topic: 'x', dialogue: ['Hi', 'Hello'] }, '--map messages=dialogue'],
  [{ uuid: 'abc', ask: 'Hi', n: 3, say: 'Hello' }, '--map prompt=ask,completion=say'],
])('finds what may be meant in %j', (value, fix) => {
  const parse = () => parseSourceRow({ file: undefined, line: 1, value }, plain());
  expect(parse).toThrow(expect.objectContaining({ fix: expect.stringContaining(fix) }));
});
