import type { RenderedExample, Segment } from '../../recipe/recipe.ts';
import type { ChatMessage, ChatTemplate } from '../../tokenizer/chat-template.ts';

/** A message of a conversation, and the segments that its content is made of, in order. */
export interface SpokenMessage {
  readonly message: ChatMessage;
  readonly segments: readonly Segment[];
}

/**
 * Segments as messages: consecutive ones of one role make a message, unless they say that they are one of their own.
 * Where the template knows no system message, its text begins the first user message.
 */
export function messagesOf(segments: readonly Segment[], { takesSystem }: ChatTemplate): SpokenMessage[] {
  const turns: Segment[][] = [];
  for (const segment of segments) {
    const turn = turns.at(-1);
    if (turn && continues(turn[0] as Segment, segment)) turn.push(segment);
    else turns.push([segment]);
  }
  const [first, second, ...rest] = turns;
  const folds = !takesSystem && first?.[0]?.role === 'system' && second?.[0]?.role === 'user';
  const folded = folds ? [[...first, { ...(first[0] as Segment), text: '\n\n' }, ...second], ...rest] : turns;
  return folded.map(spokenMessage);
}

/** Whether a segment goes on with the turn that the other one belongs to. */
export const continues = (turn: Segment, segment: Segment): boolean =>
  turn.role === segment.role && segment.message === undefined;

/** The completion as the assistant's message; undefined where there is none (a row to generate for). */
export function completionMessage({ completion }: RenderedExample): SpokenMessage {
  const segments = completion.map((segment) => ({ ...segment, role: 'assistant' as const }));
  return spokenMessage(segments);
}

function spokenMessage(segments: readonly Segment[]): SpokenMessage {
  const role = segments.at(-1)?.role ?? 'assistant';
  const content = segments.map((segment) => segment.text).join('');
  return { message: { ...segments.at(-1)?.message, role, content }, segments };
}
