import type { PlainLayout, Turn } from './recipe.ts';

const turnOf = (role: string): Turn => ({ before: `${role}:\n`, after: '\n\n' });

/**
 * How a conversation is written for a model without a chat template, so that its turns do not run into each other:
 *
 *     System:
 *     Be brief.
 *
 *     User:
 *     Hello
 *
 *     Assistant:
 *     Hi
 *
 * An answer ends with the tokenizer's end-of-sequence token.
 */
export const conversationLayout: PlainLayout = {
  system: turnOf('System'),
  user: turnOf('User'),
  assistant: turnOf('Assistant'),
  tool: turnOf('Tool'),
};

/** What the receipt calls the rows that are written so. */
export const IN_CONVERSATION_LAYOUT = 'conversations in the plain layout, "User:" and "Assistant:"';
