import type { PlainLayout } from '@counterweight/core/recipe';

/** Short on purpose: with a small vocabulary every character of the template costs time in every row. */
export const messageLayout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: 'Customer: ', after: '\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n' },
};

/** A conversation names its speakers itself. */
export const conversationLayout: PlainLayout = { ...messageLayout, user: { before: '', after: '\n' } };
