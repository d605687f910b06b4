import type { PlainLayout, RenderedExample } from '@counterweight/core/recipe';
import type { SupportRow } from './row.ts';

const INSTRUCTION = 'Name the problem in a few words.';

/** Short on purpose: with a small vocabulary every character of the template costs time in every row. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: 'Customer: ', after: '\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n' },
};

/**
 * Customer: I am still waiting on my card?
 * Name the problem in a few words.
 * card arrival
 */
export function render({ message, problem }: SupportRow): RenderedExample {
  return {
    prompt: [
      // A long message loses its end: customers name their problem first.
      { role: 'user', text: message, shorten: 'end' },
      { role: 'user', text: `\n${INSTRUCTION}` },
    ],
    completion: problem ? [{ role: 'assistant', text: problem }] : [],
  };
}
