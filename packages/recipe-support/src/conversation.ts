import { z } from 'zod';

const turnSchema = z.union([
  z.object({ speaker: z.string().trim().min(1), text: z.string() }),
  z
    .object({ role: z.string().trim().min(1), content: z.string() })
    .transform(({ role, content }) => ({ speaker: role, text: content })),
]);

/** The two ways to give what was said; a row has one of them. */
export const conversationFields = {
  /** What the customer wrote, where nobody has answered yet. */
  message: z.string().trim().min(1).optional(),
  /** Text with a line for each turn, or turns `{speaker, text}` or `{role, content}`. */
  dialogue: z.union([z.string().trim().min(1), z.array(turnSchema).min(1)]).optional(),
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
 * What was said, a line for each turn: "Customer: Where is my card?\nAgent: It is on its way.". Of chat roles, `user` is
 * the customer and `assistant` the agent. Line breaks inside a turn become spaces; a text is taken as it is.
 */
export function conversationText({ message, dialogue }: Conversation): string {
  if (typeof dialogue === 'string') return dialogue;
  return (dialogue ?? [{ speaker: 'customer', text: message ?? '' }]).map(lineOf).join('\n');
}

const SPEAKERS: Readonly<Record<string, string>> = { user: 'Customer', assistant: 'Agent' };

function lineOf({ speaker, text }: { readonly speaker: string; readonly text: string }): string {
  const name = SPEAKERS[speaker.toLowerCase()] ?? speaker.charAt(0).toUpperCase() + speaker.slice(1);
  return `${name}: ${text.trim().replace(/\s+/g, ' ')}`;
}
