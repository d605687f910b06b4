import type { PlainLayout, RenderedExample, Segment } from '@counterweight/core/recipe';
import type { MyDomainOptions } from './options.ts';
import type { MyDomainRow } from './row.ts';

/** The text around each speaker, for models without a chat template of their own. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: '', after: '\n' },
  assistant: { before: 'MyAnswer: ', after: '\n' },
  tool: { before: '', after: '\n' },
};

/** The fields, one a line, the instruction, and the answer. */
export const renderWith =
  ({ instruction }: MyDomainOptions) =>
  (row: MyDomainRow): RenderedExample => ({
    prompt: [
      ...line('MyField', row.myField), //
      { role: 'user', text: instruction },
    ],
    completion: row.myAnswer ? [{ role: 'assistant', text: row.myAnswer }] : [],
  });

/**
 * Of a row that is too long, the end of a field is cut, never its name. What people write may be written in other case or
 * with a slip, and is still understood.
 */
const line = (name: string, text: string): Segment[] => [
  { role: 'user', text: `${name}: ` },
  { role: 'user', text, shorten: 'end', freedom: { case: true, typing: true } },
  { role: 'user', text: '\n' },
];
