import type { PlainLayout, RenderedExample } from '@counterweight/core/recipe';
import type { MyDomainOptions } from './options.ts';
import type { MyDomainRow } from './row.ts';

/** The text around each speaker, for models without a chat template of their own. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: 'Question: ', after: '\n' },
  assistant: { before: 'Answer: ', after: '\n' },
  tool: { before: '', after: '\n' },
};

/**
 * Question: At what temperature does water boil at sea level?
 * Answer in a few words.
 * Answer: 100 °C
 */
export const renderWith =
  ({ instruction }: MyDomainOptions) =>
  ({ question, answer }: MyDomainRow): RenderedExample => ({
    prompt: [
      // Of a row that is too long, the end of the question is cut, never the instruction.
      // What people ask may be written in other case or with a slip, and is still understood.
      { role: 'user', text: question, shorten: 'end', freedom: { case: true, typing: true } },
      { role: 'user', text: `\n${instruction}` },
    ],
    completion: answer ? [{ role: 'assistant', text: answer }] : [],
  });
