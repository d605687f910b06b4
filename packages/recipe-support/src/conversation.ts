import { type DialogueTurn, dialogueSchema, type Role } from '@counterweight/core/recipe';
import { z } from 'zod';

/** The two ways to give what was said; a row has one of them. */
export const conversationFields = {
  /** What the customer wrote, where nobody has answered yet. */
  message: z.string().trim().min(1).optional(),
  /** Text with a line for each turn, or turns in any of the forms that messages have. */
  dialogue: dialogueSchema('dialogue').optional(),
};

type Conversation = z.output<z.ZodObject<typeof conversationFields>>;

/** A check for `superRefine`: a row has a message or a dialogue, not both. */
export function checkConversation({ message, dialogue }: Conversation, context: z.RefinementCtx): void {
  if ((message === undefined) !== (dialogue === undefined)) return;
  const problem =
    message === undefined
      ? '"dialogue" is missing (rows have "dialogue", or "message" for a single one)'
      : 'a row has either "dialogue" or "message", not both';
  context.addIssue({ code: 'custom', path: ['dialogue'], message: problem });
}

/**
 * What was said, a line for each turn: "Customer: Where is my card?\nAgent: It is on its way.". Who is the user in a chat is the
 * customer, the assistant the agent; others keep their names. Line breaks inside a turn become spaces; a text is taken as it is.
 */
export function conversationText({ message, dialogue }: Conversation): string {
  if (typeof dialogue === 'string') return dialogue;
  return (dialogue ?? [{ speaker: 'customer', text: message ?? '' }]).map(lineOf).join('\n');
}

const SPEAKERS: Readonly<Partial<Record<Role, string>>> = { user: 'Customer', assistant: 'Agent' };

function lineOf({ speaker, role, text }: DialogueTurn): string {
  const name = (role && SPEAKERS[role]) ?? speaker.charAt(0).toUpperCase() + speaker.slice(1);
  return `${name}: ${text.trim().replace(/\s+/g, ' ')}`;
}
