import { expect, it } from 'vitest';
import { z } from 'zod';
import { rowOf } from './row-of.ts';

const row = z.strictObject({ text: z.string().optional(), turns: z.array(z.string()).optional() });

it.each([
  [{ text: 'a text', turns: ' ' }, { text: 'a text' }],
  [{ text: '[1, 2]' }, { text: '[1, 2]' }],
  [{ text: '{"a": 1}' }, { text: '{"a": 1}' }],
  [{ turns: '["Hello"]' }, { turns: ['Hello'] }],
  [{ turns: '[half' }, { turns: '[half' }],
])('reads %j as the recipe takes it', (texts: Readonly<Record<string, string>>, read) => {
  expect(rowOf(texts, row.parse)).toEqual(read);
});
