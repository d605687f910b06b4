import type { Freedom, PlainLayout } from '@counterweight/core/recipe';

/** Short on purpose: with a small vocabulary every character of the template costs time in every row. */
export const messageLayout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: 'Customer: ', after: '\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n' },
};

/** What people write to a service desk, in whatever case and with whatever slips. */
export const ownWords: Freedom = { case: true, typing: true };

/** A conversation names its speakers itself. */
export const conversationLayout: PlainLayout = { ...messageLayout, user: { before: '', after: '\n' } };
